#!/usr/bin/env bash
# Loads the same documents of one Frappe site into one PostgreSQL by Event Streaming and by other
# programs, in alternating rounds on the same machine, which must be otherwise idle:
#
#   bench/peers.sh [ROUNDS [DOCUMENTS [DOCUMENTS_WITH_ROWS]]]
#
# By default 5 rounds of 50,000 documents of 1 KB and of 20,000 with three rows, from a stand-in site.
# With SITE_URL, SITE_KEY and SITE_SECRET set, from that site: the documents of DOCTYPE, and those of
# ROWS_OF with the rows of ROW_DOCTYPE in its field ROW_FIELD. Needs target/event-streaming.jar and
# compiled tests ('mvn package -DskipTests'), Python 3.10 or newer, and a package index for pip. The
# programs are installed into PEERS_HOME (a temporary directory, removed at the end, unless set).
set -eu
rounds=${1:-5}
documents=${2:-50000}
with_rows=${3:-20000}
here=$(cd "$(dirname "$0")/.." && pwd)
jar=$here/target/event-streaming.jar
[ -r "$jar" ] && [ -d "$here/target/test-classes" ] || { echo "run 'mvn package -DskipTests' first" >&2; exit 1; }
work=$(mktemp -d)
home=${PEERS_HOME:-$work/programs}
server=
finish() {
  exec 3>&- 2>/dev/null || true
  [ -z "$server" ] || wait "$server" || true
  rm -rf "$work"
}
trap finish EXIT

# each program among what it was released with; target-postgres is Meltano's, the one on PyPI of that
# name alone has no ready-made driver
install() {
  [ -x "$home/$1/bin/python" ] || python3 -m venv "$home/$1"
  "$home/$1/bin/pip" install -q --disable-pip-version-check "${@:2}"
}
install dlt 'dlt[postgres]==1.31.0'
install tap tap-erpnext==0.2.12
install target meltanolabs-target-postgres==0.8.1

mkfifo "$work/open"
java -cp "$here/target/test-classes:$here/target/classes:$jar" org.eventstreaming.bench.ServeSite "$work/data" \
  "$documents" "$with_rows" < "$work/open" > "$work/served" 2> "$work/errors" &
server=$!
exec 3> "$work/open"
until [ "$(wc -l < "$work/served")" = 2 ]; do
  kill -0 "$server" 2>/dev/null || { cat "$work/errors" >&2; exit 1; }
  sleep 0.2
done
{ read -r url key secret; read -r database password; } < "$work/served"
export DATABASE=$database PASSWORD=$password EVENT_STREAMING_JAR=$jar LAUNCHER=$here/bin/event-streaming PROGRAMS=$home
export SITE_URL=${SITE_URL:-$url} SITE_KEY=${SITE_KEY:-$key} SITE_SECRET=${SITE_SECRET:-$secret}
export DOCTYPE=${DOCTYPE:-ToDo} ROWS_OF=${ROWS_OF:-Pick List} ROW_DOCTYPE=${ROW_DOCTYPE:-Pick List Item}
export ROW_FIELD=${ROW_FIELD:-locations}
"$home/dlt/bin/python" "$here/bench/peers.py" "$rounds" "$work"
