"""The accounts themselves: found by name, made, and given a role."""

from typing import Any

from board.kit import mailboxes, names, passwords
from board.kit.db import Database, many, one, value

create_account = one("accounts/create")
get_account = one("accounts/get_by_key")
_get_name_key = value("accounts/get_name_key")
get_name = value("accounts/get_name")
set_role = one("accounts/set_role")
_list_appointed = many("accounts/list_appointed")
set_password = value("accounts/set_password")
# Who waits has one thing fewer to wait for: `approved` by a moderator, or an address that is `verified`.
let_in = value("accounts/let_in")


async def find_account(connection: Any, typed: str) -> Any:
    """Whose name, or verified address, somebody typed; None if nobody's. Any text will do."""
    if "@" not in typed:
        return await get_account(connection, name_key=names.key(typed))
    found = await _get_name_key(connection, address_key=mailboxes.key(typed))
    return await get_account(connection, name_key=found or "")


async def list_appointed(database: Database) -> list[Any]:
    """Admins and moderators, those of single boards too: name, role, boards, suspended."""
    async with database.connection() as connection:
        rows: list[Any] = await _list_appointed(connection)
        return rows


async def appoint(database: Database, hasher: passwords.Passwords, name: str, password: str, role: str) -> Any:
    """Make an account with a role, or give it to one that there is with a new password; return its row."""
    name, hashed = names.clean(name), await hasher.hash(password)
    async with database.transaction() as connection:
        account = await create_account(
            connection, name=name, name_key=names.key(name), password_hash=hashed, role=role, form_key=None
        )
        if account is None:
            found = await get_account(connection, name_key=names.key(name))
            if found is None:
                raise names.BadName("This name is kept for who had it until lately. Choose another.")
            account = await set_role(connection, account_id=found["id"], role=role, password_hash=hashed)
    return account
