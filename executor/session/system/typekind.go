package system

// typeKinds are relations about kinds of type that there are none of: enumerations, ranges, procedural transforms; and conversions between encodings.
var typeKinds = []definition{
	absent{
		oid: 3501, name: "pg_enum",
		columns: `oid oid!, enumtypid oid!, enumsortorder real!, enumlabel name!`,
	},
	absent{
		oid: 3541, name: "pg_range",
		columns: `rngtypid oid!, rngsubtype oid!, rngmultitypid oid!, rngcollation oid!, rngsubopc oid!, rngcanonical regproc!,
			rngsubdiff regproc!`,
	},
	absent{
		oid: 3576, name: "pg_transform",
		columns: `oid oid!, trftype oid!, trflang oid!, trffromsql regproc!, trftosql regproc!`,
	},
	absent{
		oid: 2607, name: "pg_conversion",
		columns: `oid oid!, conname name!, connamespace oid!, conowner oid!, conforencoding integer!, contoencoding integer!,
			conproc regproc!, condefault boolean!`,
	},
}
