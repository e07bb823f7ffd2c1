#!/usr/bin/env bash
# Runs the tests on a private PostgreSQL 15 cluster, made and removed here. Needs Debian's postgresql-15.
set -euo pipefail
bin=/usr/lib/postgresql/15/bin
[ -x "$bin/initdb" ] || { echo "PostgreSQL 15 is missing. Install it: apt-get install postgresql-15"; exit 1; }
folder=$(mktemp -d)
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
as_postgres() { if [ "$(id -u)" = 0 ]; then setpriv --reuid=postgres --regid=postgres --init-groups "$@"; else "$@"; fi; }
[ "$(id -u)" != 0 ] || chown postgres "$folder"
finish() { as_postgres "$bin/pg_ctl" -D "$folder/data" -m immediate stop >/dev/null 2>&1 || true; rm -rf "$folder"; }
trap finish EXIT
trap 'exit 143' TERM  # which alone would leave the server behind
as_postgres "$bin/initdb" -D "$folder/data" -U owner --auth=trust --encoding=UTF8 >/dev/null
as_postgres "$bin/pg_ctl" -D "$folder/data" -w -l "$folder/log" \
  -o "-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories=$folder -c fsync=off" start >/dev/null
# A quarter of what is random: all 10,000 requests and 1,000 sequences run on the embedded server.
export DIFFERENTIAL_SEEDS="${DIFFERENTIAL_SEEDS:-5}"
export MODEL_SEQUENCES="${MODEL_SEQUENCES:-250}"
export FUZZ_REQUESTS="${FUZZ_REQUESTS:-2500}"
TEST_DATABASE_URL="postgresql://owner@127.0.0.1:$port/postgres" "$@"
