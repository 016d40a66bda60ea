package system

// textSearch are relations about full text search, of which there is none.
var textSearch = []definition{
	absent{
		oid: 3602, name: "pg_ts_config",
		columns: `oid oid!, cfgname name!, cfgnamespace oid!, cfgowner oid!, cfgparser oid!`,
	},
	absent{
		oid: 3603, name: "pg_ts_config_map",
		columns: `mapcfg oid!, maptokentype integer!, mapseqno integer!, mapdict oid!`,
	},
	absent{
		oid: 3600, name: "pg_ts_dict",
		columns: `oid oid!, dictname name!, dictnamespace oid!, dictowner oid!, dicttemplate oid!, dictinitoption text`,
	},
	absent{
		oid: 3601, name: "pg_ts_parser",
		columns: `oid oid!, prsname name!, prsnamespace oid!, prsstart regproc!, prstoken regproc!, prsend regproc!, prsheadline regproc!,
			prslextype regproc!`,
	},
	absent{
		oid: 3764, name: "pg_ts_template",
		columns: `oid oid!, tmplname name!, tmplnamespace oid!, tmplinit regproc!, tmpllexize regproc!`,
	},
}
