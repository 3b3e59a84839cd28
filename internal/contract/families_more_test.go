package contract

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math/big"
	"strings"
	"time"
)

// must returns v of what cannot fail.
func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// certificate returns a new certificate and its key, as servers keep them.
func certificate(c chance) (cert, key string) {
	private := must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))
	t := &x509.Certificate{
		SerialNumber: big.NewInt(c.Int64()), Subject: pkix.Name{CommonName: "bitbucket.corp.example"}, DNSNames: []string{"bitbucket.corp.example"},
		NotBefore: time.Unix(1_700_000_000, 0), NotAfter: time.Unix(2_000_000_000, 0),
	}
	der := must(x509.CreateCertificate(rand.Reader, t, t, private.Public(), private))
	text := func(kind string, b []byte) string {
		return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: b}))
	}
	return text("CERTIFICATE", der), text("PRIVATE KEY", must(x509.MarshalPKCS8PrivateKey(private)))
}

// publicKey returns the base64 part of a public key of SSH.
func (c chance) publicKey() string {
	return base64.StdEncoding.EncodeToString(append([]byte("\x00\x00\x00\x0bssh-ed25519\x00\x00\x00\x20"), c.bytes(ed25519.PublicKeySize)...))
}

// cryptography are certificates, keys of others and signed texts.
func cryptography() []family {
	return []family{
		{"certificates", "tls%d/server.crt", func(c chance) string { cert, _ := certificate(c); return cert + cert }},
		{"TLS keys with their certificates", "tls%d/server.pem", func(c chance) string { cert, key := certificate(c); return cert + key }},
		{"TLS keys", "tls%d/tls.key", func(c chance) string { _, key := certificate(c); return key }},
		{"certificates in YAML", "chart%d/values.yaml", func(c chance) string {
			cert, _ := certificate(c)
			return "tls:\n  crt: " + base64.StdEncoding.EncodeToString([]byte(cert)) + "\n  ca: |\n    " + strings.ReplaceAll(cert, "\n", "\n    ")
		}},
		{"public keys of SSH", "home%d/.ssh/id_ed25519.pub", func(c chance) string { return "ssh-ed25519 " + c.publicKey() + " me@bitbucket.org\n" }},
		{"known_hosts", "home%d/.ssh/known_hosts", func(c chance) string {
			return c.lines(20, func() string {
				return fmt.Sprintf("bitbucket.org ssh-ed25519 %s\n|1|%s|%s ssh-ed25519 %s", c.publicKey(), c.base64(20), c.base64(20), c.publicKey())
			})
		}},
		{"signatures of OpenPGP", "release%d/app.tar.gz.asc", func(c chance) string {
			return "-----BEGIN PGP SIGNATURE-----\n\n" + c.lines(8, func() string { return c.base64(48) }) + "=" + c.base64(3) + "\n-----END PGP SIGNATURE-----\n"
		}},
		{"signed tokens of others", "api%d/session.json", func(c chance) string {
			return c.lines(20, func() string {
				head := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"RS256","kid":"` + c.hex(8) + `"}`))
				body := base64.RawURLEncoding.EncodeToString([]byte(`{"iss":"https://accounts.example.org","sub":"` + c.uuid() + `"}`))
				return fmt.Sprintf("{\"access_token\": \"%s.%s.%s\", \"id\": %q},", head, body, c.rawURL(256), c.uuid())
			})
		}},
		{"sealed secrets", "k8s%d/sealed.yaml", func(c chance) string {
			return "kind: SealedSecret\nspec:\n  encryptedData:\n" + c.lines(6, func() string { return "    bitbucket-" + c.pick(lower, 4) + ": Ag" + c.base64(512) })
		}},
		{"Ansible vaults", "play%d/group_vars/all.yml", func(c chance) string {
			return "bitbucket_password: !vault |\n  $ANSIBLE_VAULT;1.1;AES256\n" + c.lines(10, func() string { return "  " + hex.EncodeToString([]byte(c.hex(20))) })
		}},
		{"SOPS files", "sops%d/secrets.yaml", func(c chance) string {
			return c.lines(10, func() string {
				return fmt.Sprintf("bitbucket_password: ENC[AES256_GCM,data:%s,iv:%s,tag:%s,type:str]", c.base64(18), c.base64(32), c.base64(16))
			})
		}},
	}
}

func picture(c chance, encode func(*bytes.Buffer, image.Image) error) string {
	m := image.NewNRGBA(image.Rect(0, 0, 40, 40))
	for i := range 1600 {
		m.Set(i%40, i/40, color.NRGBA{byte(c.Uint32()), byte(c.Uint32()), byte(c.Uint32()), 255})
	}
	var b bytes.Buffer
	if err := encode(&b, m); err != nil {
		panic(err)
	}
	return b.String()
}

func asPNG(b *bytes.Buffer, m image.Image) error  { return png.Encode(b, m) }
func asJPEG(b *bytes.Buffer, m image.Image) error { return jpeg.Encode(b, m, nil) }

// programs are what compilers, people and tools write.
func programs() []family {
	return []family{
		{"PNG", "img%d/logo.png", func(c chance) string { return picture(c, asPNG) }},
		{"JPEG", "img%d/photo.jpg", func(c chance) string { return picture(c, asJPEG) }},
		{"PDF", "doc%d/manual.pdf", func(c chance) string {
			return "%PDF-1.7\n" + c.lines(10, func() string {
				return fmt.Sprintf("%d 0 obj\n<</Length 400/Filter/FlateDecode>>\nstream\n%s\nendstream\nendobj", c.IntN(99), c.bytes(400))
			}) + "trailer <</ID[<" + c.hex(16) + "><" + c.hex(16) + ">]>>\n%%EOF\n"
		}},
		{"fonts and other random bytes", "font%d/icons.woff2", func(c chance) string { return "wOF2" + string(c.bytes(8000)) }},
		{"protobufs", "proto%d/set.pb", func(c chance) string {
			return c.lines(40, func() string {
				w := c.word()
				return fmt.Sprintf("\n%c%s\x12\x20%s\x1a%c%s", len(w), w, c.bytes(32), 36, c.uuid())
			})
		}},
		{"images in CSS", "web%d/app.css", func(c chance) string {
			return c.lines(6, func() string {
				return fmt.Sprintf(".bitbucket-%s{background:url(data:image/png;base64,%s)}", c.pick(lower, 5), base64.StdEncoding.EncodeToString([]byte(picture(c, asPNG))))
			})
		}},
		{"source maps", "web%d/app.js.map", func(c chance) string {
			return fmt.Sprintf("{\"version\":3,\"sources\":[\"webpack:///%s.ts\"],\"mappings\":\"%s\",\"sourcesContent\":[%q]}", c.word(), strings.Join(strings.Split(c.pick(alnum+"+/,;", 9000), "ATBB"), ""), "const bitbucketPassword = process.env.BITBUCKET_PASSWORD;")
		}},
		{"minified code", "web%d/app.min.js", func(c chance) string {
			return c.lines(30, func() string {
				return fmt.Sprintf("!function(e,t){var n=\"%s\",r={password:n.password,token:t(\"%s\")};e.bitbucketToken=t.token;e.hash=\"%s\"}(this,require);", c.word(), c.word(), c.hex(8))
			})
		}},
		{"UUIDs", "db%d/seed.sql", func(c chance) string {
			return c.lines(100, func() string {
				return fmt.Sprintf("INSERT INTO bitbucket_repository VALUES ('%s', '{%s}', '%s');", c.uuid(), c.uuid(), strings.ToUpper(c.uuid()))
			})
		}},
		{"class names that begin with ATBB", "game%d/Source/Battle.cpp", func(c chance) string {
			return c.lines(80, func() string {
				return fmt.Sprintf("class A%s%s%s : public ATB%s { UPROPERTY() ATBBaseWeapon* Weapon; };", "TBB", c.pick(lower, 1+c.IntN(4)), c.of("CharacterAnimationControllerInstance", "WidgetBlueprintGeneratedClassDefault", "EncounterDifficultySettingsManager", "Box"), c.of("BActor", "BattleHUD"))
			})
		}},
		{"checksums of downloads", "dist%d/SHA256SUMS", func(c chance) string {
			return c.lines(100, func() string {
				return c.hex(c.of2(16, 20, 32, 64)) + "  atlassian-bitbucket-" + c.version() + "-x64.bin"
			})
		}},
		{"hexadecimal dumps", "dump%d/core.txt", func(c chance) string { return hex.Dump(c.bytes(4000)) }},
		{"base64 of random bytes", "blob%d/data.b64", func(c chance) string { return c.lines(100, func() string { return c.base64(57) }) }},
		{"random names", "names%d/ids.txt", func(c chance) string {
			return c.lines(200, func() string {
				return c.pick(alnum, 18) + " " + c.pick(alnum, 20) + " " + c.pick(alnum, 24) + " " + c.pick(alnum, 32) + " " + c.pick(alnum+"-_", 64)
			})
		}},
		{"notebooks", "nb%d/a.ipynb", func(c chance) string {
			return c.lines(4, func() string {
				return fmt.Sprintf("{\"cell_type\":\"code\",\"id\":%q,\"outputs\":[{\"data\":{\"image/png\":%q}}],\"source\":[\"token = os.environ['BITBUCKET_TOKEN']\\n\"]},", c.hex(4), base64.StdEncoding.EncodeToString([]byte(picture(c, asPNG))))
			})
		}},
	}
}

// of2 is of for numbers.
func (c chance) of2(all ...int) int { return all[c.IntN(len(all))] }
