"""What a database holds, in so few words that two of them can be compared: rows and a sum a table."""

from typing import Any

from board.kit.db import many

_list_tables = many("backups/list_tables")

HOURS = 6 * 3600.0  # seconds that reading the largest table may take


async def contents(connection: Any) -> dict[str, list[str]]:
    """Rows and sum of each table by its name. The connection must be in a transaction."""
    found = {}
    for table in await _list_tables(connection):
        row = await connection.fetchrow(table["statement"], timeout=HOURS)
        found[table["name"]] = [row["rows"], row["sum"]]
    return found


def differences(wanted: dict[str, list[str]], found: dict[str, list[str]]) -> list[str]:
    """A sentence for each table that is not as it should be."""
    told = []
    for name in sorted({*wanted, *found}):
        rows, others = wanted.get(name, ["no", ""]), found.get(name, ["no", ""])
        if rows[0] != others[0]:
            told.append(f"Table {name} has {others[0]} rows instead of {rows[0]}.")
        elif rows[1] != others[1]:
            told.append(f"Table {name} has {rows[0]} rows, but not all hold what they should.")
    return told
