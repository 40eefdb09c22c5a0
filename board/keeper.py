"""The first start: an empty board gets its demo, and the person who runs it an account."""

from board import accounts, threads
from board.kit import names
from board.kit.config import Config, kept_secret
from board.kit.db import Database
from board.kit.migrate import migrate
from board.kit.passwords import Passwords

NAME = "keeper"


async def prepare(config: Config, database: Database) -> str:
    """Make a board ready to be served; return the keeper's password if it is the one made here, else nothing."""
    await migrate(database)
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
