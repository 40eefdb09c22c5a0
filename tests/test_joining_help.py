"""The help page says how this board is joined."""

import pytest

from tests import look
from tests.conftest import Client
from tests.entrance import site


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
