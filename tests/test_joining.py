"""Sign up: one account a name, whatever its case and look-alikes, and one account a form."""

import asyncio
import uuid

import pytest

from tests import look
from tests.conftest import Client
from tests.entrance import PASSWORD, set_cookies, sign_in, sign_up, who
from tests.factories import row


async def count(app) -> tuple[int, int]:
    """How many accounts and sessions there are."""
    return tuple(await row(app, "select (select count(*) from accounts), (select count(*) from sessions)"))


def typed(answer) -> dict:
    """What stands in the form that came back."""
    return look.fields(
        next(each for each in look.tree(answer).iter("form") if each.get("action", "").startswith("/sign"))
    )


async def test_carol_joins_with_the_form_on_the_page_and_is_signed_in(app, stranger):
    page = await stranger.open("/sign-up?next=/help")
    answer = await stranger.post("/sign-up", data=typed(page) | {"name": "Carol", "password": PASSWORD})
    assert (answer.status_code, answer.headers["location"]) == (303, "/help")
    assert await who(stranger) == "Carol"
    assert await count(app) == (1, 1)
    account = await row(app, "select name, role, password_hash from accounts")
    assert (account["name"], account["role"]) == ("Carol", "new")
    assert account["password_hash"].startswith("$argon2id$")


async def test_who_joins_comes_in_again_with_the_same_password_and_name_in_any_case(app, stranger):
    await sign_up(stranger, "Carol")
    async with Client(app) as other:
        assert (await sign_in(other, "  cAROL ")).status_code == 303
        assert await who(other) == "Carol"


async def test_joining_by_htmx_leads_to_the_page_too(stranger):
    answer = await stranger.fragment(
        "POST",
        "/sign-up",
        data={"name": "carol", "password": PASSWORD, "form_key": str(uuid.uuid4()), "next": "/help"},
    )
    assert (answer.status_code, answer.headers["hx-redirect"]) == (200, "/help")
    assert await who(stranger) == "carol"


@pytest.mark.parametrize(
    "name",
    ["Alice", "ALICE", "alice", "a1ice", "aIice", "аlice", "Αlice", "ａｌｉｃｅ", "𝐚𝐥𝐢𝐜𝐞", "ALICE\u00a0", "ⓐⓛⓘⓒⓔ"],
    ids=ascii,
)
async def test_a_name_that_looks_like_one_there_is_gets_a_sentence_and_comes_back(app, alice, stranger, name):
    answer = await sign_up(stranger, name)
    assert answer.status_code == 422
    assert len(look.errors(answer)) == 1
    assert look.errors(answer)[0] in (
        "Somebody has this name. Choose another.",
        "This name looks like “alice”, who is here already. Choose another.",
        "A name keeps to one alphabet, so that nobody can imitate another.",
    )
    assert typed(answer)["name"] == name
    assert await count(app) == (1, 1)
    assert await who(stranger) == ""


@pytest.mark.parametrize("name", ["Admin", "adm1n", "m0d", "Rооt", "SYSTEM", "rnod"])
async def test_names_that_sound_official_are_kept_for_the_board(app, stranger, name):
    answer = await sign_up(stranger, name)
    assert answer.status_code == 422
    assert await count(app) == (0, 0)


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("", "Your name is empty."),
        ("  ", "Your name is empty."),
        ("x", "A name has 2 to 24 characters; this one has 1."),
        ("x" * 25, "A name has 2 to 24 characters; this one has 25."),
        ("x" * 201, "Your name has 201 characters; at most 200 are allowed. Shorten it."),
        ("two words", "A name holds letters, digits, and - _ . between them; no spaces."),
        ("<script>", "A name holds letters, digits, and - _ . between them; no spaces."),
        ("_carol", "A name begins and ends with a letter or a digit."),
        ("carol\u202e", "A name holds letters, digits, and - _ . between them; no spaces."),
        ("car\0ol", "Your name holds a character that can not be stored (U+0000). It is left out here: check it."),
        ("car\x1bol", "Your name holds a character that can not be stored (U+001B). It is left out here: check it."),
    ],
)
async def test_a_name_that_can_not_be_one_gets_a_sentence_and_comes_back(app, stranger, name, sentence):
    answer = await sign_up(stranger, name, next="/boards")
    assert answer.status_code == 422
    assert look.errors(answer) == [sentence]
    back = typed(answer)
    assert back["name"] == name.replace("\0", "").replace("\x1b", "")
    assert back["next"] == "/boards"
    assert await count(app) == (0, 0)


@pytest.mark.parametrize(
    ("password", "sentence"),
    [
        ("", "The password needs 12 characters or more: a few words will do."),
        ("eleven char", "The password needs 12 characters or more: a few words will do."),
        ("x" * 129, "The password may have 128 characters at most."),
        ("x" * 200_000, "The password may have 128 characters at most."),
    ],
)
async def test_a_password_that_is_too_short_or_long_gets_a_sentence_and_the_name_comes_back(
    app, stranger, password, sentence
):
    answer = await sign_up(stranger, "carol", password=password)
    assert answer.status_code == 422
    assert look.errors(answer) == [sentence]
    assert typed(answer)["name"] == "carol"
    assert await count(app) == (0, 0)


async def test_the_password_never_comes_back(alice, stranger):
    for answer in (
        await sign_up(stranger, "alice", password="a secret of mine"),
        await sign_up(stranger, "x", password="a secret of mine"),
        await sign_in(stranger, "alice", password="a secret of mine"),
        await stranger.post("/sign-up", data={"password": "a secret of mine"}),
        await stranger.post("/sign-in", data={"password": "a secret of mine"}),
    ):
        assert answer.status_code in (400, 422)
        assert "secret" not in answer.text


@pytest.mark.parametrize(
    "password",
    [
        "every word of it " * 7 + "counts me",
        " spaces stay  ",
        "Пароль из слов",
        "🐘🐁🐘🐈🐕🐘🦒🐘🐇🐘🐢🐘🐌",
        "a\0b\0c\0d\0e\0f\0g",
        "%s %(x)s {0} :a",
    ],
)
async def test_a_password_counts_to_the_letter(app, stranger, password):
    assert (await sign_up(stranger, password=password)).status_code == 303
    async with Client(app) as other:
        for wrong in (password[:-1], password + " ", password.swapcase(), password.replace("\0", "")):
            if wrong != password:
                assert (await sign_in(other, password=wrong)).status_code == 422
        assert (await sign_in(other, password=password)).status_code == 303


async def test_a_form_sent_twice_makes_one_account_and_both_answers_are_signed_in(app, stranger):
    key = str(uuid.uuid4())
    first = await sign_up(stranger, form_key=key)
    assert await who(stranger) == "carol"
    async with Client(app) as same_form:
        second = await sign_up(same_form, form_key=key)
        assert (first.status_code, second.status_code) == (303, 303)
        assert await who(same_form) == "carol"
    assert await count(app) == (1, 2)


@pytest.mark.parametrize("change", ["key", "password"])
async def test_a_second_form_with_another_key_or_password_opens_no_account_of_others(app, stranger, change):
    key = str(uuid.uuid4())
    await sign_up(stranger, form_key=key)
    async with Client(app) as thief:
        answer = await sign_up(
            thief,
            form_key=str(uuid.uuid4()) if change == "key" else key,
            password="another password" if change == "password" else PASSWORD,
        )
        assert answer.status_code == 422
        assert await who(thief) == ""
    assert await count(app) == (1, 1)


async def test_a_form_sent_eight_times_at_once_makes_one_account_and_all_are_signed_in(busy_app):
    key = str(uuid.uuid4())
    clients = [Client(busy_app) for _ in range(8)]
    answers = await asyncio.gather(*(sign_up(each, form_key=key) for each in clients))
    assert [each.status_code for each in answers] == [303] * 8
    assert [await who(each) for each in clients] == ["carol"] * 8
    assert await count(busy_app) == (1, 8)


async def test_of_eight_people_who_want_one_name_at_once_one_gets_it(busy_app):
    clients = [Client(busy_app) for _ in range(8)]
    names = ["carol", "Carol", "CAROL", "car0l", "сarol", "carοl", "ｃarol", "caroI"]
    answers = await asyncio.gather(*(sign_up(each, name) for each, name in zip(clients, names, strict=True)))
    assert sorted(each.status_code for each in answers) == [303] + [422] * 7
    assert await count(busy_app) == (1, 1)
    for client, answer in zip(clients, answers, strict=True):
        assert bool(await who(client)) == (answer.status_code == 303)
        assert bool(set_cookies(answer)) == (answer.status_code == 303)


async def test_twenty_people_join_at_once(busy_app):
    clients = [Client(busy_app) for _ in range(20)]
    answers = await asyncio.gather(*(sign_up(each, f"carol-{n}") for n, each in enumerate(clients)))
    assert {each.status_code for each in answers} == {303}
    assert await count(busy_app) == (20, 20)


@pytest.mark.parametrize("field", ["name", "password", "form_key"])
async def test_a_form_without_a_field_is_a_sentence(app, stranger, field):
    sent = {"name": "carol", "password": PASSWORD, "form_key": str(uuid.uuid4()), "next": "/"}
    answer = await stranger.post("/sign-up", data={key: text for key, text in sent.items() if key != field})
    assert answer.status_code == 400
    assert f"The form came without its field “{field}”. Reload the page and send it again." in answer.text
    assert await count(app) == (0, 0)


@pytest.mark.parametrize("key", ["", "x", "0" * 33, "é" * 32, "00000000-0000-0000-0000-00000000000g"])
async def test_a_broken_form_key_is_a_sentence(app, stranger, key):
    answer = await sign_up(stranger, form_key=key)
    assert answer.status_code == 400
    assert "The form’s hidden key is broken." in answer.text.replace("&#39;", "’")
    assert await count(app) == (0, 0)


async def test_nobody_makes_themselves_an_admin_by_adding_fields(app, stranger):
    await sign_up(stranger, role="admin", id="1", is_admin="1")
    assert (await row(app, "select role from accounts"))["role"] == "new"


async def test_joining_again_while_signed_in_ends_the_earlier_session(app, stranger):
    await sign_up(stranger, "carol")
    cookie = stranger.cookies["session"]
    await sign_up(stranger, "dave")
    assert await who(stranger) == "dave"
    async with Client(app, cookie=cookie) as old:
        assert await who(old) == ""
    assert await count(app) == (2, 1)
