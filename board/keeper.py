"""The first start: the schema, an account for the person who runs the board, and a demo on an empty one."""

import logging

from board import accounts, threads
from board.kit import names
from board.kit.config import Config, ConfigError, kept_secret
from board.kit.db import Database, value
from board.kit.migrate import migrate
from board.kit.passwords import BadPassword, Passwords, check

NAME = "keeper"
log = logging.getLogger("board.keeper")

_has_admin = value("accounts/has_admin")


async def bring_up(config: Config, database: Database) -> list[str]:
    """Migrate; then, on a board without an admin, appoint the one of the settings. Return what was migrated."""
    if bool(config.admin_name) != bool(config.admin_password):
        raise ConfigError("ADMIN_NAME and ADMIN_PASSWORD go together: give both or neither.")
    applied = await migrate(database)
    if config.admin_name:
        async with database.connection() as connection:
            has_admin = await _has_admin(connection)
        if not has_admin:
            try:
                check(config.admin_password, config.admin_name, config.site_name)
            except BadPassword as error:
                raise ConfigError(f"ADMIN_PASSWORD: {error}") from None
            await accounts.appoint(database, Passwords(1), config.admin_name, config.admin_password, "admin")
            log.info("%s is admin", config.admin_name)
    return applied


async def prepare(config: Config, database: Database) -> str:
    """Make a board ready to be served; return the keeper's password if it is the one made here, else nothing."""
    await bring_up(config, database)
    hasher = Passwords(1)
    async with database.connection() as connection:
        account = await accounts.get_account(connection, name_key=names.key(NAME))
        empty = await threads.is_empty(connection)
    if empty and config.demo:
        # Not at the top: what draws takes 20 MB, and is needed once.
        from board import demo

        await demo.fill(config, database)
    password = kept_secret(config.data_dir / f"{NAME}-password", bits=96)
    if empty and account is None:
        await accounts.appoint(database, hasher, NAME, password, "admin")
        return password
    known = account is not None and await hasher.matches(password, account["password_hash"])
    return password if known else ""
