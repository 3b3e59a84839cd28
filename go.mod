module github.com/bbkeys/bbkeys

go 1.26
