package config

// judging are the inputs that say what a run goes by in its judgement, and that it explains
// that.
func judging() []Input {
	return []Input{
		{Name: "config", Flag: "config", Param: "FILE", Once: true,
			Help:  "settings file (default: .bbkeys.yml at the top of the checkout, if it is there); none for no settings",
			store: func(c *Config, v value) { c.Settings = v.file() }},
		{Name: "baseline", Flag: "baseline", Param: "FILE", Once: true,
			Help:  "baseline, the keys that are accepted (default: .bbkeys-baseline.json at the top of the checkout, if it is there); none for no baseline; bbkeys baseline writes it",
			store: func(c *Config, v value) { c.Baseline = v.file() }},
		{Name: "explain", Flag: "explain", Default: "false", Values: []string{"true", "false"}, Once: true,
			Help:  "say on standard error, and in the JSON report, why each thing that looks like a key is a finding or is none",
			store: func(c *Config, v value) { c.Explain = v.text == "true" }},
	}
}
