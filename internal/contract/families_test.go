package contract

import "fmt"

// families returns the sorts of files that look-alikes are in. What of them stands for a
// vendor's format has the shape of it and nothing of anybody's file.
func families() []family {
	return append(append(locks(), cryptography()...), append(programs(), services()...)...)
}

// locks are the files in which package managers keep what they resolved.
func locks() []family {
	return []family{
		{"package-lock.json", "app%d/package-lock.json", func(c chance) string {
			return "{\"lockfileVersion\": 3, \"packages\": {\n" + c.lines(60, func() string {
				w, v := c.word(), c.version()
				return fmt.Sprintf("\"node_modules/%s\": {\"version\": %q, \"resolved\": \"https://registry.example.org/%s/-/%s-%s.tgz\", \"integrity\": \"sha512-%s\", \"license\": \"MIT\"},", w, v, w, w, v, c.base64(64))
			}) + "}}"
		}},
		{"package-lock.json with git", "git%d/package-lock.json", func(c chance) string {
			return c.lines(60, func() string {
				return fmt.Sprintf("\"resolved\": \"git+ssh://git@bitbucket.org/team/%s.git#%s\", \"integrity\": \"sha512-%s\",", c.word(), c.hex(20), c.base64(64))
			})
		}},
		{"yarn.lock", "app%d/yarn.lock", func(c chance) string {
			return c.lines(60, func() string {
				w, v := c.word(), c.version()
				return fmt.Sprintf("%s@^%s:\n  version %q\n  resolved \"https://registry.example.org/%s/-/%s-%s.tgz#%s\"\n  integrity sha512-%s\n", w, v, v, w, w, v, c.hex(20), c.base64(64))
			})
		}},
		{"yarn.lock of Berry", "berry%d/yarn.lock", func(c chance) string {
			return c.lines(60, func() string {
				w := c.word()
				return fmt.Sprintf("\"%s@npm:^%s\":\n  resolution: \"%s@npm:%s\"\n  checksum: 10c0/%s\n  languageName: node\n", w, c.version(), w, c.version(), c.hex(64))
			})
		}},
		{"pnpm-lock.yaml", "app%d/pnpm-lock.yaml", func(c chance) string {
			return c.lines(60, func() string {
				return fmt.Sprintf("  /%s@%s:\n    resolution: {integrity: sha512-%s, tarball: https://bitbucket.org/team/%s/get/%s.tar.gz}\n    engines: {node: '>=18'}", c.word(), c.version(), c.base64(64), c.word(), c.hex(20))
			})
		}},
		{"Cargo.lock", "crate%d/Cargo.lock", func(c chance) string {
			return c.lines(60, func() string {
				return fmt.Sprintf("[[package]]\nname = %q\nversion = %q\nsource = \"git+https://bitbucket.org/team/%s?branch=main#%s\"\nchecksum = %q\n", c.word(), c.version(), c.word(), c.hex(20), c.hex(32))
			})
		}},
		{"composer.lock", "php%d/composer.lock", func(c chance) string {
			return c.lines(60, func() string {
				w, ref := c.word(), c.hex(20)
				return fmt.Sprintf("{\"name\": \"team/%s\", \"source\": {\"type\": \"git\", \"url\": \"https://bitbucket.org/team/%s.git\", \"reference\": %q}, \"dist\": {\"type\": \"zip\", \"url\": \"https://bitbucket.org/team/%s/get/%s.zip\", \"shasum\": %q}},", w, w, ref, w, ref, c.hex(20))
			}) + "\"content-hash\": \"" + c.hex(16) + "\""
		}},
		{"poetry.lock", "py%d/poetry.lock", func(c chance) string {
			return c.lines(60, func() string {
				return fmt.Sprintf("[[package]]\nname = %q\nfiles = [\n    {file = \"%s-py3-none-any.whl\", hash = \"sha256:%s\"},\n]\n", c.word(), c.word(), c.hex(32))
			})
		}},
		{"Gemfile.lock", "ruby%d/Gemfile.lock", func(c chance) string {
			return "GIT\n  remote: https://bitbucket.org/team/repo.git\n  revision: " + c.hex(20) + "\nCHECKSUMS\n" + c.lines(60, func() string {
				return fmt.Sprintf("  %s (%s) sha256=%s", c.word(), c.version(), c.hex(32))
			})
		}},
		{"go.sum", "mod%d/go.sum", func(c chance) string {
			return c.lines(120, func() string {
				return fmt.Sprintf("bitbucket.org/team/%s v%s/go.mod h1:%s", c.word(), c.version(), c.base64(32))
			})
		}},
		{"requirements.txt with hashes", "py%d/requirements.txt", func(c chance) string {
			return c.lines(60, func() string {
				return fmt.Sprintf("%s==%s --hash=sha256:%s \\\n    --hash=sha256:%s", c.word(), c.version(), c.hex(32), c.hex(32))
			})
		}},
		{"SRI in a page", "web%d/index.html", func(c chance) string {
			return c.lines(60, func() string {
				return fmt.Sprintf("<script src=\"https://cdn.example.org/%s.js\" integrity=\"sha384-%s sha256-%s\" crossorigin=\"anonymous\"></script>", c.word(), c.base64(48), c.base64(32))
			})
		}},
		{"image digests in a pipeline", "repo%d/bitbucket-pipelines.yml", func(c chance) string {
			return c.lines(40, func() string {
				return fmt.Sprintf("    - step:\n        image: docker.example.org/team/%s@sha256:%s\n        caches: [node-%s]\n        script:\n          - pipe: docker://bitbucketpipelines/%s@sha256:%s\n            variables:\n              TOKEN: $BITBUCKET_TOKEN\n              PASSWORD: ${BITBUCKET_APP_PASSWORD}", c.word(), c.hex(32), c.hex(16), c.word(), c.hex(32))
			})
		}},
		{"git object ids", "repo%d/refs.txt", func(c chance) string {
			return c.lines(150, func() string { return fmt.Sprintf("%s refs/heads/bitbucket/%s", c.hex(20+12*c.IntN(2)), c.word()) })
		}},
	}
}
