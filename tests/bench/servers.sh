# shellcheck shell=bash
# A PostgreSQL and a StreamDB side by side, in folders of their own that go with the script that sources this. Both sync what they
# acknowledge. postgres and streamdb run a client against one of them.
export LC_ALL=C TZ=UTC PGHOST=127.0.0.1 PGCONNECT_TIMEOUT=10
[ -d /usr/lib/postgresql/15/bin ] && PATH=/usr/lib/postgresql/15/bin:$PATH
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
work=$(mktemp -d) server=
as_postgres() { if [ "$(id -u)" -eq 0 ]; then runuser -u postgres -- env PATH="$PATH" "$@"; else "$@"; fi; }
finish() {
	[ -n "$server" ] && kill "$server" 2>/dev/null && wait "$server" || true
	as_postgres pg_ctl -D "$work/pg" -m immediate -s stop 2>/dev/null || true
	rm -rf "$work"
}
trap finish EXIT

# free_port is one that nothing listens on now.
free_port() {
	local port
	while port=$((20000 + RANDOM % 20000)) && (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do :; done
	echo "$port"
}

postgres() { PGPORT=$pg_port PGUSER=postgres PGDATABASE=postgres "$@"; }
streamdb() { PGPORT=$sdb_port PGUSER=streamdb PGDATABASE=streamdb "$@"; }

start_postgres() {
	chmod 755 "$work"
	mkdir "$work/pg"
	[ "$(id -u)" -ne 0 ] || chown postgres "$work/pg"
	as_postgres initdb -D "$work/pg" -U postgres -A trust --locale=C -E UTF8 >"$work/initdb.log"
	as_postgres pg_ctl -D "$work/pg" -s -w -l "$work/pg/log" -o "-p $pg_port -k '' -c listen_addresses=127.0.0.1" start
}

start_streamdb() {
	local i
	go build -o "$work/streamdb" "$root/cmd/streamdb"
	"$work/streamdb" start --data "$work/data" --listen "127.0.0.1:$sdb_port" --http "127.0.0.1:$(free_port)" >"$work/streamdb.log" 2>&1 &
	server=$!
	for i in $(seq 100); do
		streamdb psql -Xqc 'SELECT 1' >/dev/null 2>&1 && return
		sleep 0.1
	done
	cat "$work/streamdb.log" >&2
	return 1
}

pg_port=$(free_port) sdb_port=$(free_port)
start_postgres
start_streamdb

# ratio prints one figure over another and notes it; median is that of all that were noted.
ratio() {
	awk "BEGIN {printf \"%.2f\", $1 / $2}" | tee -a "$work/ratios"
	echo >>"$work/ratios"
}

median() {
	sort -n "$work/ratios" | awk '{x[NR] = $1} END {printf "median ratio %.2f\n", NR % 2 ? x[(NR + 1) / 2] : (x[NR / 2] + x[NR / 2 + 1]) / 2}'
}
