package web_test

import (
	"crypto/tls"
	"encoding/pem"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/bbkeys/bbkeys/web"
)

// authority writes the certificate of a server to a file.
func authority(t *testing.T, s *httptest.Server) string {
	t.Helper()
	return write(t, string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw})))
}

func write(t *testing.T, text string) string {
	t.Helper()
	at := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(at, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return at
}

// TestAuthorities: a server of an own authority is trusted where a variable names that, and
// else it is said how it would be.
func TestAuthorities(t *testing.T) {
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	s.Config.ErrorLog = log.New(io.Discard, "", 0) // it would tell of the handshakes that fail
	s.StartTLS()
	defer s.Close()
	good, other := authority(t, s), write(t, "no certificate")
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		env  []string
		says []string // of the error; none where it is trusted
	}{
		{[]string{"SSL_CERT_FILE=" + good}, nil},
		{[]string{"GIT_SSL_CAINFO=" + good}, nil},
		{[]string{"CI_SERVER_TLS_CA_FILE=" + good}, nil},
		{[]string{"SSL_CERT_FILE=" + other, "GIT_SSL_CAINFO=" + good}, nil},
		{nil, []string{"unknown authority", "SSL_CERT_FILE"}},
		{[]string{"SSL_CERT_FILE=/no/such/file"}, []string{"unknown authority", "SSL_CERT_FILE", "no such file", "mount"}},
		{[]string{"GIT_SSL_CAINFO=" + other}, []string{"GIT_SSL_CAINFO", "no certificate in it"}},
		{[]string{"GIT_SSL_CAINFO=" + pipe}, []string{"GIT_SSL_CAINFO", "can't be read"}},
		{[]string{"GIT_SSL_CAINFO=/"}, []string{"GIT_SSL_CAINFO", "is a directory"}},
	} {
		_, err := get(t, of(c.env...), s.URL)
		if (err == nil) != (c.says == nil) || web.Hopeless(err) != (c.says != nil) {
			t.Errorf("%q: %v", c.env, err)
		}
		for _, word := range c.says {
			if err != nil && !strings.Contains(err.Error(), word) {
				t.Errorf("%q: %v does not say %q", c.env, err, word)
			}
		}
	}
}

// TestOldTLS: a server that speaks versions of TLS that are broken alone is not spoken to.
func TestOldTLS(t *testing.T) {
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	s.TLS = &tls.Config{MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11}
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.StartTLS()
	defer s.Close()
	if _, err := get(t, of("SSL_CERT_FILE="+authority(t, s)), s.URL); err == nil || !strings.Contains(err.Error(), "version") {
		t.Errorf("got %v", err)
	}
}
