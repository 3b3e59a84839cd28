package rule_test

import (
	"crypto/md5"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"hash/crc32"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/bbkeys/bbkeys/rule"
)

// random returns n characters of set.
func random(rng *rand.Rand, set string, n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = set[rng.IntN(len(set))]
	}
	return string(b)
}

const (
	upperHex = "0123456789ABCDEF"
	letters  = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	digits   = "0123456789"
	url64    = letters + digits + "-_"
)

// lookAlikes are texts that resemble credentials and hold none.
func lookAlikes(rng *rand.Rand) []string {
	uuid := func() string {
		h := random(rng, upperHex, 32)
		return h[:8] + "-" + h[8:12] + "-BBDC-" + h[16:20] + "-" + h[20:]
	}
	sum := func() []byte { s := sha512.Sum512([]byte(random(rng, letters, 9))); return s[:] }
	md := md5.Sum(sum())
	sha := sha256.Sum256(sum())
	all := []string{
		// Names of classes, functions, variables.
		"ATBBaseWeapon", "ATBBattleHUD", "class ATBBox : public AActor", "ATBBattleCharacterAnimationControllerInstance",
		"matATBBoundingBoxCalculationForAllVisibleObjects", "ATBBossEncounterDifficultySettingsManagerFACADE00",
		"TipoContratoATOA", "MapATOA", "wechatATOATransactionHistoryRepositoryImplementationFactoryBeanProviderABCDEF01",
		"ATOA_TABLE_COLUMN_NAMES_FOR_THE_VERY_LONG_MIGRATION_SCRIPT_OF_ACCOUNTS_2024DEADBEEF", "BBDC-cache", "BBDCMonitorService",
		"ATATT3_CONSTANT", "ATCTT3-suffix", ".BBDC-header-navigation-container__item--active-and-more:hover{}",
		"ATBBackgroundMusicTrackManagerInstance"[:28] + "DEADBEEF", "class ATBBlueprintGeneratedWidgetA" + "CAFEBABE : ATBBlueprint",
		// What people write in place of a credential.
		"ATATT3x...", "ATATT3xFfGF0...", "ATATT3xFfGF0…", "ATCTT3xFfGN0...", "ATCTT3xFfGN0<token>", "ATBBxxxxxxxx", "ATBB...", "ATOA...",
		"ATBB" + strings.Repeat("x", 32), "ATBB" + strings.Repeat("X", 32), "ATBB" + strings.Repeat("0", 32), "ATBB" + strings.Repeat("*", 32),
		"ATBB" + "abcdefghijklmnopqrstuvwx12345678", "ATBB" + "aBcDeFgHiJkLmNoPqRsTuVwX12345678", "ATBB" + "EXAMPLEexample1234EXAMPLE01234567",
		"ATOA" + strings.Repeat("x", 72), "ATOAyour-secret-here-" + strings.Repeat("0aZ", 17) + "DEADBEEF",
		"ATATT3xFfGF0" + strings.Repeat("x", 171) + "=" + "ABCDEF01", "ATATT3xFfGF0" + strings.Repeat("A", 171) + "=12345678",
		"ATATT3xFfGF0" + strings.Repeat("A", 171), "ATCTT3xFfGN0" + strings.Repeat("0", 171) + "\n",
		"ATATT3xFfGF0" + strings.Repeat("T0kenT0ken", 17) + "A=89ABCDEF", "ATCTT3xFfGN0" + strings.Repeat("abcdefghijklmnopqrstuvwxyz0123456789-", 5)[:171] + "=89ABCDEF",
		"BBDC-" + strings.Repeat("A", 44), "BBDC-" + strings.Repeat("1", 44), "BBDC-" + strings.Repeat("x", 44), "BBDC-" + base64.StdEncoding.EncodeToString([]byte("123456789012:AAAAAAAAAAAAAAAAAAAA")),
		"BBDC-" + strings.Repeat("MDEy", 11), "BBDC-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "BBDC-${TOKEN}", "BBDC-<your token>", "BBDC-EXAMPLEexampleEXAMPLEexampleEXAMPLEexample01",
		"ATSTT3xFfGF0...", "T3xFfGF0", "ATQRT3xFfGF0" + random(rng, url64, 171) + "=" + random(rng, upperHex, 8), "xxT3xFfGF0=ABCDEF01",
		"${ATBB_PASSWORD}", "$ATATT3_TOKEN", "{{ ATCTT3 }}", "%ATOA_SECRET%", `os.environ["BBDC_TOKEN"]`,
		// Hashes, identifiers and other random text.
		uuid(), strings.ToLower(uuid()), "sha512-" + base64.StdEncoding.EncodeToString(sum()), hex.EncodeToString(sum()),
		hex.EncodeToString(md[:]), strings.ToUpper(hex.EncodeToString(sha[:])), "sha256:" + hex.EncodeToString(sha[:]),
		"https://user@bitbucket.org/team/repo.git", "git@bitbucket.org:team/repo.git", "X-Atlassian-Token: no-check",
		// Anchors inside runs that are longer than a credential.
		random(rng, url64, 40) + "ATBB" + random(rng, letters+digits, 40), random(rng, url64, 40) + "ATOA" + random(rng, url64, 90),
		random(rng, url64, 40) + "ATATT3" + random(rng, url64, 300), "ATATT3xFfGF0" + random(rng, url64, 300), "ATCTT3xFfGN0" + random(rng, url64, 120) + "=",
		random(rng, url64, 40) + "BBDC-" + random(rng, url64, 60), "BBDC-" + random(rng, letters+digits+"+/", 88) + "==", "BBDC-" + random(rng, letters, 43),
		"ATBB" + random(rng, letters+digits, 28), "ATOA" + random(rng, url64, 63), "ATBB" + random(rng, letters+digits, 24) + random(rng, "GHIJKLMN", 8),
	}
	return all
}

// TestSilent checks that look-alikes give nothing, not even a note, whatever is around.
func TestSilent(t *testing.T) {
	rng := seeded()
	for range 20 {
		for _, s := range lookAlikes(rng) {
			for _, carrier := range []string{"%s", "bitbucket: \"%s\"\n", "https://u:%s@bitbucket.org/", "stash <a>%s</a>", "atlassian=%s=", "%s %[1]s", "%s-%[1]s"} {
				for _, f := range findAll([]byte(fmt.Sprintf(carrier, s))) {
					t.Errorf("%s: %s of %d characters in %q: %.40q", f.Rule.ID, f.Proof, f.Hi-f.Lo, carrier, s)
				}
			}
		}
	}
}

// TestStandsAlone checks that what has a wrong checksum is a note where it stands alone,
// and nothing as a part of something longer.
func TestStandsAlone(t *testing.T) {
	rng := seeded()
	missed := 0
	for range 200 {
		for s, glued := range map[string]string{
			"ATBB" + random(rng, letters, 12) + "a2C" + random(rng, digits, 9) + random(rng, upperHex, 8): "x",
			"ATOA" + random(rng, url64, 61) + "a2C" + random(rng, upperHex, 8):                            "x",
			"ATATT3xFfGF0" + random(rng, url64, 171) + "=" + random(rng, upperHex, 8):                     "",
			"ATCTT3xFfGN0" + random(rng, url64, 171) + "=" + random(rng, upperHex, 8):                     "",
			"BBDC-" + random(rng, letters+digits+"+/", 43) + "w":                                          "x",
		} {
			count := func(text string) int { return len(findAll([]byte(text))) }
			if n := count("k='" + s + "'"); n > 1 {
				t.Errorf("%.12s…: %d notes alone", s, n)
			} else if n == 0 {
				missed++ // it looks invented, as some random text does
			}
			for _, before := range []string{"x", "0", "_", "-", "a3D", "~a"} {
				if n := count("k='" + before + s + "'"); n != 0 {
					t.Errorf("%.12s…: %d notes behind %q", s, n, before)
				}
			}
			if glued != "" && count("k='"+s+glued+"'") != 0 {
				t.Errorf("%.12s…: a note before %q", s, glued)
			}
		}
	}
	if missed > 10 {
		t.Errorf("%d of 1,000 are not even a note", missed)
	}
}

// TestUnknownKinds checks which letters begin a token of an unknown kind.
func TestUnknownKinds(t *testing.T) {
	rng := seeded()
	for letters, want := range map[string]string{
		"ATEG": "atlassian-unknown-token", "ATZZ": "atlassian-unknown-token", "ATAA": "atlassian-unknown-token",
		"ATAT": "bitbucket-api-token", "ATCT": "bitbucket-access-token", "ATST": "atlassian-service-account-key",
		"ATaB": "", "ATBa": "", "AT1B": "", "AtBC": "", "aTBC": "", "BTAA": "", "ATA-": "",
	} {
		body := letters + "T3xFfGZ0" + random(rng, url64, 100) + "="
		token := body + fmt.Sprintf("%08X", crc32.ChecksumIEEE([]byte(body)))
		all := findAll([]byte("k=" + token))
		switch {
		case want == "" && len(all) != 0:
			t.Errorf("%s: found", letters)
		case want != "" && (len(all) != 1 || all[0].Rule.ID != want || all[0].Secret.Reveal() != token):
			t.Errorf("%s: %d findings", letters, len(all))
		}
	}
	for range 200 {
		body := "AT" + random(rng, letters[:26], 2) + random(rng, url64+".", 16+rng.IntN(200)) + "="
		token := body + fmt.Sprintf("%08X", crc32.ChecksumIEEE([]byte(body)))
		for _, around := range []string{"k=%s\n", "The token is %s.", "{\"k\": \"%s\"}"} {
			if all := findAll([]byte(fmt.Sprintf(around, token))); len(all) != 1 || all[0].Rule.ID != "atlassian-unknown-token" || all[0].Secret.Reveal() != token {
				t.Errorf("%q: %d findings of a token of %d characters", around, len(all), len(token))
			}
		}
		if all := findAll([]byte(body + "0BADC0DE")); len(all) != 0 {
			t.Errorf("a wrong checksum is taken for right")
		}
	}
	for _, text := range []string{"T3xFf", "AT", "TZZT3xFf", "ATZZT3xF"} {
		if n := len(findAll([]byte(text))); n != 0 {
			t.Errorf("%q: %d findings", text, n)
		}
	}
}

// TestAtMostNotes checks that what is random from its anchor on proves nothing.
func TestAtMostNotes(t *testing.T) {
	rng := seeded()
	for _, r := range proving() {
		for range 5000 / scale {
			a := r.Mint(rng)[:9]
			s := a + random(rng, url64+"=+/", 10) + random(rng, url64, 180)
			for _, f := range findAll([]byte("x='" + s[:len(a)+rng.IntN(len(s)-len(a))] + "'")) {
				if f.LevelOf(f.Match) != rule.Note {
					t.Fatalf("%s: random text is taken for proven by %s", f.Rule.ID, f.Proof)
				}
			}
		}
	}
}

// TestNoAllocation checks that what is no credential costs no memory.
func TestNoAllocation(t *testing.T) {
	rng := seeded()
	for _, r := range proving() {
		for _, s := range lookAlikes(rng) {
			text := []byte("x " + r.Anchors[0] + s)
			if n := testing.AllocsPerRun(5, func() { r.Match(text, 2) }); n > 0 {
				if _, ok := r.Match(text, 2); !ok {
					t.Errorf("%s: %v allocations for %.40q", r.ID, n, text)
				}
			}
			text = []byte("x " + s)
			if n := testing.AllocsPerRun(5, func() { r.Match(text, 2) }); n > 0 {
				if _, ok := r.Match(text, 2); !ok {
					t.Errorf("%s: %v allocations for %.40q", r.ID, n, text)
				}
			}
		}
	}
}
