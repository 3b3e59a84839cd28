package web

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"syscall"
)

// maxAuthorities is how many bytes of a file of certificate authorities are read; the whole
// of Mozilla's, which most systems have, takes some 220 KB (2026).
const maxAuthorities = 8 << 20

// trusted are the variables that name a file of certificate authorities: OpenSSL's, which Go
// knows itself, git's, and the one that a runner of GitLab hands to its jobs (its
// configuration, tls-ca-file, 2026-11).
func trusted() []string { return []string{"SSL_CERT_FILE", "GIT_SSL_CAINFO", "CI_SERVER_TLS_CA_FILE"} }

// authorities returns the certificate authorities that are trusted; nil for the system's. A
// file that can't be read is one that doesn't help: Failure tells of it once that matters.
func (n Network) authorities() *x509.CertPool {
	var pool *x509.CertPool
	for _, name := range trusted() {
		text, err := n.file(name)
		if err != nil || text == nil {
			continue
		}
		if pool == nil {
			if pool, err = x509.SystemCertPool(); err != nil {
				pool = x509.NewCertPool()
			}
		}
		pool.AppendCertsFromPEM(text)
	}
	return pool
}

// file returns the content of the file that a variable names, nil where it names none.
func (n Network) file(name string) ([]byte, error) {
	path := n.env.Getenv(name)
	if path == "" {
		return nil, nil
	}
	f, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0) // waiting for no pipe
	if err != nil {
		return nil, err
	}
	defer f.Close() //nolint:errcheck // nothing was written
	text, err := io.ReadAll(io.LimitReader(f, maxAuthorities))
	if err == nil && !x509.NewCertPool().AppendCertsFromPEM(text) {
		err = errors.New("there is no certificate in it, such as begins with -----BEGIN CERTIFICATE-----")
	}
	return text, err
}

// Failure returns what an http.Client says of a request without the address, which is one
// that a server may have chosen, and says what to do where a certificate isn't trusted.
func (n Network) Failure(err error) error {
	if u := new(url.Error); errors.As(err, &u) {
		err = u.Err
	}
	if !errors.As(err, new(x509.UnknownAuthorityError)) {
		return err
	}
	for _, name := range trusted() {
		_, wrong := n.file(name)
		if pe := new(fs.PathError); errors.As(wrong, &pe) {
			wrong = pe.Err
		}
		if wrong != nil {
			return fmt.Errorf("%w; the file that %s names can't be read: %w; in a container, mount it at the same path", err, name, wrong)
		}
	}
	return fmt.Errorf("%w; name a file with the certificate of its authority in SSL_CERT_FILE, and in a container mount it first", err)
}

// Hopeless reports whether another attempt will not mend an error: it is about a certificate
// that isn't trusted, or about a proxy that has another address or wants credentials.
func Hopeless(err error) bool {
	return errors.As(err, new(*tls.CertificateVerificationError)) || errors.As(err, new(*blocked))
}
