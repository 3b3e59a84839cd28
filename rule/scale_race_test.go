//go:build race

package rule_test

const scale = 10
