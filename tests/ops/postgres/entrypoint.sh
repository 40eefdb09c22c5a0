#!/bin/bash
# What the official image documents: POSTGRES_USER, POSTGRES_DB, POSTGRES_PASSWORD and its _FILE, POSTGRES_INITDB_ARGS,
# PGDATA, /docker-entrypoint-initdb.d, any user, and a folder that is closed to others at every start.
set -euo pipefail
umask 077

make() {
    local password=${POSTGRES_PASSWORD:-} user=${POSTGRES_USER:-postgres}
    local database=${POSTGRES_DB:-$user}
    [ -z "${POSTGRES_PASSWORD_FILE:-}" ] || password=$(cat "$POSTGRES_PASSWORD_FILE")
    [ -n "$password" ] || { echo "Database is uninitialized and superuser password is not specified." >&2; exit 1; }
    # shellcheck disable=SC2086  # several arguments
    initdb -U "$user" -D "$PGDATA" --pwfile=<(echo "$password") ${POSTGRES_INITDB_ARGS:-} >/dev/null
    { echo "host all all all scram-sha-256"; } >>"$PGDATA/pg_hba.conf"
    pg_ctl -D "$PGDATA" -o "-c listen_addresses='' -c unix_socket_directories=/var/run/postgresql" -w start >/dev/null
    [ "$database" = postgres ] || createdb -U "$user" "$database"
    for file in /docker-entrypoint-initdb.d/*; do
        case "$file" in
            *.sh) . "$file" ;;
            *.sql) psql -Xq -v ON_ERROR_STOP=1 -U "$user" -d "$database" -f "$file" ;;
        esac
    done
    pg_ctl -D "$PGDATA" -m fast -w stop >/dev/null
}

[ "${1:0:1}" != - ] || set -- postgres "$@"
if [ "$1" = postgres ]; then
    mkdir -p "$PGDATA"
    chmod 0700 "$PGDATA" || :
    if [ "$(id -u)" = 0 ]; then
        chown -R postgres "$PGDATA"
        exec setpriv --reuid=postgres --regid=postgres --init-groups "$0" "$@"
    fi
    [ -s "$PGDATA/PG_VERSION" ] || make
    # Its sample of the settings and its build say so.
    set -- "$@" -c listen_addresses='*' -c unix_socket_directories=/var/run/postgresql
fi
exec "$@"
