package settings

import (
	"math"
	"slices"

	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types/datetime"
)

const (
	catClient  = "Client Connection Defaults"
	catStream  = "StreamDB"
	catPreset  = "Preset Options"
	catCompat  = "Version and Platform Compatibility"
	maxTimeout = math.MaxInt32
)

// Version is StreamDB's version, and ServerVersion what clients are told.
const (
	Version       = "0.1"
	ServerVersion = "15.0 (StreamDB " + Version + ")"
)

// List are all settings: those that StreamDB acts upon, and those of postgres.go that are only there for clients' sake.
var List = slices.Concat(Effective, postgres)

// Effective are the settings that StreamDB acts upon.
var Effective = append([]Setting{
	{Name: "application_name", Kind: String, Context: User, Report: true, Category: catClient,
		Doc: "Sets the application name to be reported in statistics and logs."},
	{Name: "client_encoding", Kind: String, Default: "UTF8", Context: User, Report: true, Category: catClient,
		Doc: "Sets the client's character set encoding.", Canonical: clientEncoding},
	{Name: "client_min_messages", Kind: Enum, Default: "notice", Context: User, Category: catClient,
		Values: []string{"debug5", "debug4", "debug3", "debug2", "debug1", "debug", "log", "notice", "warning", "error"},
		Doc:    "Sets the message levels that are sent to the client."},
	{Name: "DateStyle", Kind: String, Default: "ISO, MDY", Context: User, Report: true, Category: catClient,
		Doc: "Sets the display format for date and time values.", Canonical: dateStyle},
	{Name: "default_transaction_isolation", Kind: Enum, Default: "read committed", Context: User, Category: catClient,
		Values: isolationLevels, Doc: "Sets the transaction isolation level of each new transaction."},
	{Name: "default_transaction_read_only", Kind: Bool, Default: "off", Context: User, Report: true, Category: catClient,
		Doc: "Sets the default read-only status of new transactions."},
	{Name: "extra_float_digits", Kind: Int, Default: "1", Min: -15, Max: 3, Context: User, Category: catClient,
		Doc: "Sets the number of digits displayed for floating-point values."},
	{Name: "idle_in_transaction_session_timeout", Kind: Int, Unit: "ms", Default: "0", Max: maxTimeout, Context: User, Category: catClient,
		Doc: "Sets the maximum allowed idle time between queries, when in a transaction."},
	{Name: "idle_session_timeout", Kind: Int, Unit: "ms", Default: "0", Max: maxTimeout, Context: User, Category: catClient,
		Doc: "Sets the maximum allowed idle time between queries, when not in a transaction."},
	{Name: "in_hot_standby", Kind: Bool, Default: "off", Context: Internal, Report: true, Category: catPreset,
		Doc: "Shows whether hot standby is currently active."},
	{Name: "integer_datetimes", Kind: Bool, Default: "on", Context: Internal, Report: true, Category: catPreset,
		Doc: "Shows whether datetimes are integer based."},
	{Name: "IntervalStyle", Kind: Enum, Default: "postgres", Context: User, Report: true, Category: catClient, Values: []string{"postgres"},
		Doc: "Sets the display format for interval values."},
	{Name: "is_superuser", Kind: Bool, Default: "on", Context: Internal, Report: true, Category: catClient,
		Doc: "Shows whether the current user is a superuser."},
	{Name: "lock_timeout", Kind: Int, Unit: "ms", Default: "0", Max: maxTimeout, Context: User, Category: catClient,
		Doc: "Sets the maximum allowed duration of any wait for a lock."},
	{Name: "read_consistency", Kind: Enum, Default: "strict", Context: User, Category: catStream, Values: []string{"strict", "latest"},
		Doc: "Strict reads wait until views reflect every write acknowledged before; latest reads take views as they are."},
	{Name: "search_path", Kind: String, Default: `"$user", public`, Context: User, Category: catClient,
		Doc: "Sets the schema search order for names that are not schema-qualified."},
	{Name: "share_equal_views", Kind: Bool, Default: "off", Context: User, Category: catStream,
		Doc: "A view that is created is computed together with one that has the same query and options."},
	{Name: "server_encoding", Kind: String, Default: "UTF8", Context: Internal, Report: true, Category: catPreset,
		Doc: "Shows the server (database) character set encoding."},
	{Name: "server_version", Kind: String, Default: ServerVersion, Context: Internal, Report: true, Category: catPreset,
		Doc: "Shows the server version."},
	{Name: "server_version_num", Kind: Int, Default: "150000", Context: Internal, Category: catPreset, Doc: "Shows the server version as an integer."},
	{Name: "session_authorization", Kind: String, Default: "streamdb", Context: Internal, Report: true, Category: catClient,
		Doc: "Sets the session user name."},
	{Name: "standard_conforming_strings", Kind: Bool, Default: "on", Context: User, Report: true, Category: catCompat,
		Doc: "Causes '...' strings to treat backslashes literally.", Canonical: only("standard_conforming_strings", "on")},
	{Name: "statement_timeout", Kind: Int, Unit: "ms", Default: "0", Max: maxTimeout, Context: User, Category: catClient,
		Doc: "Sets the maximum allowed duration of any statement."},
	{Name: "synchronous_commit", Kind: Enum, Default: "on", Context: User, Category: "Write-Ahead Log",
		Values: []string{"on", "off", "local", "remote_write", "remote_apply"}, Doc: "Sets whether a commit waits for the disk."},
	{Name: "TimeZone", Kind: String, Default: "UTC", Context: User, Report: true, Category: catClient,
		Doc: "Sets the time zone for displaying and interpreting time stamps.", Canonical: timeZone},
	{Name: "transaction_isolation", Kind: Enum, Default: "read committed", Context: User, Category: catClient, Values: isolationLevels,
		Doc: "Sets the current transaction's isolation level."},
	{Name: "transaction_read_only", Kind: Bool, Default: "off", Context: User, Category: catClient,
		Doc: "Sets the current transaction's read-only status."},
}, clients...)

var isolationLevels = []string{"serializable", "repeatable read", "read committed", "read uncommitted"}

// only is the check of a setting of which StreamDB has one value.
func only(name, value string) func(string) (string, error) {
	return func(v string) (string, error) {
		if v != value {
			return "", sqlerr.Unsupported(name+" = "+v, "Leave "+name+" at "+value+".")
		}
		return v, nil
	}
}

func timeZone(v string) (string, error) {
	name, ok := datetime.ZoneSetting(v)
	if !ok {
		return "", sqlerr.New(sqlerr.InvalidParameterValue, "invalid value for parameter %q: %q", "TimeZone", v)
	}
	return name, nil
}
