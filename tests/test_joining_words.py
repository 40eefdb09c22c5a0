"""What a board says of how it is joined, and the names that it keeps."""

import pytest

from tests import look
from tests.conftest import Client
from tests.entrance import sign_up, site


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({}, "Everybody can join. An e-mail address is not needed"),
        (
            {"sign_up": "invitation", "email": "off"},
            "Who has an invitation can join: ask a member for one.",
        ),
        ({"sign_up": "approval", "email": "required"}, "needs no moderator. An e-mail address is needed"),
        ({"sign_up": "closed", "email": "off"}, "Nobody can join now. A name has"),
    ],
)
async def test_the_help_page_tells_how_to_join(config, database, settings, words):
    async with site(config, database, **settings) as app, Client(app) as stranger:
        page = look.words(next(look.tree(await stranger.open("/help")).iter("main")))
        assert words in page


async def test_names_that_the_admin_keeps_are_nobodys_at_the_door_and_later(config, database, join):
    async with site(config, database, reserved_names="The Harbour") as app, Client(app) as stranger:
        answer = await sign_up(stranger, "the-harbour")
        assert look.errors(answer) == ["This name is kept for the board itself. Choose another."]
        carol = await join("carol", app=app)
        answer = await carol.post("/account/name", data={"name": "theharbour", "current_password": "x"})
        assert "This name is kept for the board itself. Choose another." in answer.text
