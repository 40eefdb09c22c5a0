"""Browsers, bots and what they send; and a look at what was counted of them."""

from typing import Any

from tests.factories import row

PHONE = (
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Mobile Safari/537.36"
)
DESKTOP = "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0"
BOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"


def sent(agent: str = PHONE, **headers: str) -> dict[str, str]:
    """The headers of a browser: `sent(referer=..., sec_gpc="1")`."""
    given = {"user-agent": agent, "accept-language": "de-CH,de;q=0.9,en;q=0.8"}
    return given | {name.replace("_", "-"): text for name, text in headers.items()}


async def counted(app: Any, dimension: str, column: str = "requests", span: str = "day") -> dict[str, int]:
    """What is in the database of a dimension, by key, after everything was added to it."""
    await app.state.traffic.flush()
    found = await row(
        app,
        f"select jsonb_object_agg(key, sum) from (select key, sum({column}) from traffic_counts"
        " where span = $1 and dimension = $2 group by key)",
        span,
        dimension,
    )
    return found[0] or {}


async def visitors(app: Any) -> int:
    """How many registers are filled: as many as visitors, while there are few."""
    await app.state.traffic.flush()
    return (await row(app, "select count(*) from traffic_registers"))[0]
