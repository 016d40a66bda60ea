package settings

import (
	"math"
	"slices"
)

// postgresClients are PostgreSQL's settings about how a client's statements behave.
var postgresClients = slices.Concat(
	category("Client Connection Defaults / Locale and Formatting", []Setting{
		{Name: "default_text_search_config", Kind: String, Default: "pg_catalog.simple", Context: User, Doc: "Sets default text search configuration."},
		{Name: "lc_messages", Kind: String, Context: Superuser, Doc: "Sets the language in which messages are displayed."},
		{Name: "lc_monetary", Kind: String, Default: "C", Context: User, Doc: "Sets the locale for formatting monetary amounts."},
		{Name: "lc_numeric", Kind: String, Default: "C", Context: User, Doc: "Sets the locale for formatting numbers."},
		{Name: "lc_time", Kind: String, Default: "C", Context: User, Doc: "Sets the locale for formatting date and time values."},
		{Name: "timezone_abbreviations", Kind: String, Context: User, Doc: "Selects a file of time zone abbreviations."},
	}),
	category("Client Connection Defaults / Other Defaults", []Setting{
		{Name: "dynamic_library_path", Kind: String, Default: "$libdir", Context: Superuser, Doc: "Sets the path for dynamically loadable modules."},
		{Name: "gin_fuzzy_search_limit", Kind: Int, Default: "0", Max: math.MaxInt32, Context: User,
			Doc: "Sets the maximum allowed result for exact search by GIN."},
	}),
	category("Client Connection Defaults / Shared Library Preloading", []Setting{
		{Name: "jit_provider", Kind: String, Default: "llvmjit", Context: Start, Doc: "JIT provider to use."},
		{Name: "local_preload_libraries", Kind: String, Context: User, Doc: "Lists unprivileged shared libraries to preload into each backend."},
		{Name: "session_preload_libraries", Kind: String, Context: Superuser, Doc: "Lists shared libraries to preload into each backend."},
		{Name: "shared_preload_libraries", Kind: String, Context: Start, Doc: "Lists shared libraries to preload into server."},
	}),
	category("Client Connection Defaults / Statement Behavior", []Setting{
		{Name: "check_function_bodies", Kind: Bool, Default: "on", Context: User,
			Doc: "Check routine bodies during CREATE FUNCTION and CREATE PROCEDURE."},
		{Name: "default_table_access_method", Kind: String, Default: "heap", Context: User, Doc: "Sets the default table access method for new tables."},
		{Name: "default_tablespace", Kind: String, Context: User, Doc: "Sets the default tablespace to create tables and indexes in."},
		{Name: "default_toast_compression", Kind: Enum, Default: "pglz", Context: User,
			Values: []string{"pglz", "lz4"}, Doc: "Sets the default compression method for compressible values."},
		{Name: "default_transaction_deferrable", Kind: Bool, Default: "off", Context: User,
			Doc: "Sets the default deferrable status of new transactions."},
		{Name: "gin_pending_list_limit", Kind: Int, Unit: "kB", Default: "4096", Min: 64, Max: math.MaxInt32, Context: User,
			Doc: "Sets the maximum size of the pending list for GIN index."},
		{Name: "restrict_nonsystem_relation_kind", Kind: String, Context: User, Doc: "Prohibits access to non-system relations of specified kinds."},
		{Name: "row_security", Kind: Bool, Default: "on", Context: User, Doc: "Enable row security."},
		{Name: "session_replication_role", Kind: Enum, Default: "origin", Context: Superuser,
			Values: []string{"origin", "replica", "local"}, Doc: "Sets the session's behavior for triggers and rewrite rules."},
		{Name: "temp_tablespaces", Kind: String, Context: User, Doc: "Sets the tablespace(s) to use for temporary tables and sort files."},
		{Name: "transaction_deferrable", Kind: Bool, Default: "off", Context: User,
			Doc: "Whether to defer a read-only serializable transaction until it can be executed with no possible serialization failures."},
		{Name: "vacuum_failsafe_age", Kind: Int, Default: "1600000000", Max: 2100000000, Context: User,
			Doc: "Age at which VACUUM should trigger failsafe to avoid a wraparound outage."},
		{Name: "vacuum_freeze_min_age", Kind: Int, Default: "50000000", Max: 1000000000, Context: User,
			Doc: "Minimum age at which VACUUM should freeze a table row."},
		{Name: "vacuum_freeze_table_age", Kind: Int, Default: "150000000", Max: 2000000000, Context: User,
			Doc: "Age at which VACUUM should scan whole table to freeze tuples."},
		{Name: "vacuum_multixact_failsafe_age", Kind: Int, Default: "1600000000", Max: 2100000000, Context: User,
			Doc: "Multixact age at which VACUUM should trigger failsafe to avoid a wraparound outage."},
		{Name: "vacuum_multixact_freeze_min_age", Kind: Int, Default: "5000000", Max: 1000000000, Context: User,
			Doc: "Minimum age at which VACUUM should freeze a MultiXactId in a table row."},
		{Name: "vacuum_multixact_freeze_table_age", Kind: Int, Default: "150000000", Max: 2000000000, Context: User,
			Doc: "Multixact age at which VACUUM should scan whole table to freeze tuples."},
		{Name: "xmlbinary", Kind: Enum, Default: "base64", Context: User,
			Values: []string{"base64", "hex"}, Doc: "Sets how binary values are to be encoded in XML."},
		{Name: "xmloption", Kind: Enum, Default: "content", Context: User,
			Values: []string{"content", "document"},
			Doc:    "Sets whether XML data in implicit parsing and serialization operations is to be considered as documents or content fragments."},
	}),
	category("Version and Platform Compatibility / Other Platforms and Clients", []Setting{
		{Name: "transform_null_equals", Kind: Bool, Default: "off", Context: User,
			Canonical: only("transform_null_equals", "off"), Doc: "Treats \"expr=NULL\" as \"expr IS NULL\"."},
	}),
	category("Version and Platform Compatibility / Previous PostgreSQL Versions", []Setting{
		{Name: "array_nulls", Kind: Bool, Default: "on", Context: User,
			Canonical: only("array_nulls", "on"), Doc: "Enable input of NULL elements in arrays."},
		{Name: "backslash_quote", Kind: Enum, Default: "safe_encoding", Context: User,
			Values: []string{"safe_encoding", "on", "off"}, Doc: "Sets whether \"\\'\" is allowed in string literals."},
		{Name: "escape_string_warning", Kind: Bool, Default: "on", Context: User, Doc: "Warn about backslash escapes in ordinary string literals."},
		{Name: "lo_compat_privileges", Kind: Bool, Default: "off", Context: Superuser,
			Doc: "Enables backward compatibility mode for privilege checks on large objects."},
		{Name: "quote_all_identifiers", Kind: Bool, Default: "off", Context: User, Doc: "When generating SQL fragments, quote all identifiers."},
		{Name: "synchronize_seqscans", Kind: Bool, Default: "on", Context: User, Doc: "Enable synchronized sequential scans."},
	}),
)
