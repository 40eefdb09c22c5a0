"""After an account is gone, nothing in any table tells of it: a guard for every table there is and will be."""

import pytest

from board import images
from board.kit.links import Links
from board.kit.pictures import Picture
from tests.conftest import Client
from tests.entrance import sign_in
from tests.factories import row
from tests.leaving import NAME, World, exported, gone, site, stored
from tests.routes import everything
from tests.test_jobs import sweep

ID = 987_654_321
AVATAR = "a" * 32
# What she wrote, and how she can be reached.
WORDS = (
    *("Her title", "Her opening", "A lonely title", "Nobody answers", "Her first words"),
    *("To herself", "Deleted by herself", "Removed by a moderator"),
)


@pytest.fixture
async def world(busy_app, join) -> World:
    """Alice did everything that people do, under a number that stands nowhere by chance."""
    await row(busy_app, f"alter table accounts alter column id restart with {ID}")
    world = await World().make(busy_app, join)
    assert world.alice.account["id"] == ID
    other_device = Client(busy_app, world.alice.account)
    assert (await sign_in(other_device, NAME)).status_code == 303
    await exported(world.alice)
    avatar = Picture(AVATAR, 320, 320, False, (160,), 160, {"160.webp": b"a", "160.jpg": b"b"})
    await images.keep(busy_app.state.database, busy_app.state.storage, avatar)
    await row(busy_app, "update pictures set touched_at = now() - interval '20 minutes'")
    async with busy_app.state.database.transaction() as connection:
        await Links(busy_app.state.config).make(connection, "reset", ID)
        await busy_app.state.mailer.send(
            connection,
            "alice@example.org",
            "notices/event.txt",
            account_id=ID,
            name=NAME,
            sentence="Hello.",
            advice="none",
            device="",
            network="",
        )
        for statement in (
            "insert into invitations (account_id, note, expires_at) values ($1, 'For Carol', now())",
            "insert into applications (account_id, answer) values ($1, 'I like boards.')",
            "update accounts set invited_by = $1 where id <> $1",
            "update accounts set about = 'I keep bees.', about_html = '<p>I keep bees.</p>' where id = $1",
            "insert into former_names (account_id, name, name_key) values ($1, 'alice_before', 'a11ce_bef0re')",
            "insert into passkeys values (default, $1, 'a', 'b', 0, '{}', 'Her blue key')",
            "insert into authenticators (account_id, secret) values ($1, 'a secret of hers')",
            "insert into deeds (account_id, actor_id, action) values ($1, $1, 'trusted')",
            f"update accounts set avatar_key = '{AVATAR}' where id = $1",
        ):
            await connection.execute(statement, ID)
    return world


async def found(app, *needles: str) -> list[str]:
    """The tables in which any of these stands anywhere, whatever the column."""
    tables = await everything(app)
    return [
        f"{needle} in {name}: {text}"
        for name, text in tables.items()
        for needle in needles
        if name != "migrations" and needle.casefold() in (text or "").casefold()
    ]


@pytest.mark.parametrize("messages", ["keep", "remove"])
async def test_no_row_refers_to_the_account_or_holds_name_address_or_text(world, messages):
    app = world.app
    personal = (
        str(ID),
        NAME,
        "alice@example.org",
        "For Carol",
        "I like boards",
        "I keep bees",
        "alice_before",
        "Her blue key",
        AVATAR,
    )
    before = await found(app, *personal, *WORDS)
    assert {each.split(" in ")[0] for each in before} >= {*personal, *WORDS}, "the guard can see"
    await gone(world.alice, messages)
    await sweep(site(app))
    assert await found(app, *personal, NAME.replace("_", r"\\_")) == []
    if messages == "remove":
        assert await found(app, *WORDS) == []
    assert await stored(app) == []
    assert [name async for name in app.state.storage.list(f"aa/{AVATAR}")] == []


async def test_every_reference_to_an_account_is_looked_after(app):
    """With the account goes the row or the reference; the others are those that board/leaving/removal.py takes off."""
    rules = """
        select conrelid::regclass::text || '.' || attname as column, confdeltype::text as rule
        from pg_constraint join pg_attribute on attrelid = conrelid and attnum = conkey[1]
        where contype = 'f' and confrelid = 'accounts'::regclass
    """
    async with app.state.database.connection() as connection:
        by_hand = {column for column, rule in await connection.fetch(rules) if rule not in ("c", "n")}
        indexed = """
            select c.conrelid::regclass::text || '.' || a.attname from pg_constraint c
            join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
            where c.contype = 'f' and c.confrelid = 'accounts'::regclass
              and not exists (
                select from pg_index i
                where i.indrelid = c.conrelid and i.indkey[0] = c.conkey[1]
                  and (i.indpred is null or pg_get_expr(i.indpred, i.indrelid) = format('(%s IS NOT NULL)', a.attname))
              )
        """
        without_index = [name for (name,) in await connection.fetch(indexed)]
    assert by_hand == {"messages.author_id", "messages.deleted_by", "threads.author_id", "threads.deleted_by"}
    assert without_index == [], "to delete an account reads the whole table"
