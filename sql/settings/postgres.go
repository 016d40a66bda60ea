package settings

// postgres are settings of PostgreSQL 15 that mean nothing to StreamDB: clients set and show them, and that is all.
var postgres = []Setting{
	{Name: "bytea_output", Kind: Enum, Default: "hex", Values: []string{"hex"}, Context: User, Category: catClient, Doc: "Sets the output format for bytea."},
}
