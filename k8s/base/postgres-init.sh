# Read once, by the image of PostgreSQL, when it has made a new cluster: the board's account is no superuser.
psql -v ON_ERROR_STOP=1 -v password="$BOARD_PASSWORD" --no-psqlrc --quiet --username postgres <<'SQL'
create role board login createdb password :'password';
create database board owner board;
SQL
