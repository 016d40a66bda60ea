#!/usr/bin/env bash
# Loads the flights into a StreamDB of its own and into a PostgreSQL, and compares what the views say.
# usage: compare.sh STREAMDB-BINARY FOLDER 'PSQL COMMAND FOR POSTGRESQL'
set -euo pipefail
binary=$1 data=$2 postgres=$3
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
port=${FLIGHTS_PORT:-7493}
"$binary" start --data "$work/db" --listen 127.0.0.1:"$port" --http 127.0.0.1:$((port + 1)) >"$work/log" 2>&1 &
server=$!
trap 'kill $server 2>/dev/null || true; wait $server 2>/dev/null || true; rm -rf "$work"' EXIT
streamdb="psql -X -q -v ON_ERROR_STOP=1 -h 127.0.0.1 -p $port -U streamdb streamdb"
for _ in $(seq 100); do $streamdb -c 'SELECT 1' >/dev/null 2>&1 && break; sleep 0.1; done
cd "$data"
$streamdb -f "$here/load.sql"
$postgres -X -q -v ON_ERROR_STOP=1 -f "$here/postgres.sql"
$streamdb -At -f "$here/answers.sql" >"$work/streamdb.txt"
$postgres -X -q -At -f "$here/answers.sql" >"$work/postgres.txt"
diff "$work/postgres.txt" "$work/streamdb.txt"
echo "flights: $(wc -l <"$work/streamdb.txt") rows of three views equal PostgreSQL's"
