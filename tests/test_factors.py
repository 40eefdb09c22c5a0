"""The second step is set up: password, QR code, a first code, and only then it is on; backup codes are shown once."""

import re
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from tests import look
from tests.conftest import Client
from tests.entrance import PASSWORD, sign_in, sign_up, who
from tests.factories import row
from tests.routes import cheaply
from tests.steps import TWO_STEP, backup_codes, begin, code, events, go_half_way, rows, set_up, shown, take

WRONG_PASSWORD = "This is not your password. Type the one that you sign in with now."


@pytest.fixture
async def carol(app):
    """Joined, and has no second step yet."""
    cheaply(app)
    async with Client(app) as client:
        await sign_up(client)
        yield client


async def test_carol_sets_it_up_with_the_forms_on_the_pages(app, carol):
    overview = await carol.open(TWO_STEP)
    assert "asks for your password alone" in overview.text
    secret = await begin(carol)
    page = await carol.open(f"{TWO_STEP}/set-up")
    assert page.headers["cache-control"] == "no-store"
    (link,) = [each for each in look.links(look.tree(page)) if each.startswith("otpauth:")]
    parts = urlsplit(link)
    assert unquote(parts.path) == "/Board:carol"
    assert parse_qs(parts.query) == {"secret": [secret], "issuer": ["Board"]}
    assert "<svg" in page.text and "style=" not in page.text
    answer = await carol.post(f"{TWO_STEP}/set-up", data={"code": code(secret)})
    codes = await carol.open(answer.headers["location"])
    assert len(backup_codes(codes)) == 10
    assert "It is on" in (await carol.open(TWO_STEP)).text
    assert await events(app) == ["second step on"]


async def test_it_is_not_on_before_a_first_code_was_right(app, carol):
    secret = await begin(carol)
    answer = await carol.post(f"{TWO_STEP}/set-up", data={"code": "000000"})
    assert answer.status_code == 422
    assert look.errors(answer)[0].startswith("This code is not right.")
    assert shown(answer) == secret
    assert 'value="000000"' in answer.text
    await carol.post("/sign-out")
    assert (await sign_in(carol)).headers["location"] == "/"
    assert await who(carol) == "carol"
    assert await events(app) == []


@pytest.mark.parametrize("typed", ["{0} {1}", " {0}{1} ", "{0}-{1}"])
async def test_a_code_may_be_typed_in_groups(carol, typed):
    secret = await begin(carol)
    now = code(secret)
    answer = await carol.post(f"{TWO_STEP}/set-up", data={"code": typed.format(now[:3], now[3:])})
    assert answer.status_code == 303


async def test_a_code_may_be_typed_in_the_digits_of_any_script(carol):
    secret = await begin(carol)
    arabic = code(secret).translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    assert (await carol.post(f"{TWO_STEP}/set-up", data={"code": arabic})).status_code == 303


@pytest.mark.parametrize("path", ["", "/codes", "/disable"])
async def test_nothing_is_begun_without_the_password(app, carol, path):
    if path:
        await set_up(carol)
    before = await events(app), await rows(app, "select * from backup_codes")
    answer = await carol.post(f"{TWO_STEP}{path}", data={"current_password": "not her password"})
    assert answer.status_code == 422
    assert look.errors(answer) == [WRONG_PASSWORD]
    assert "not her password" not in answer.text
    assert (await events(app), await rows(app, "select * from backup_codes")) == before
    if path:
        (opened,) = [each for each in look.tree(answer).iter("details") if each.get("open") is not None]
        assert f'action="{TWO_STEP}{path}"' in answer.text and "password" in "".join(opened.itertext())
    else:
        assert await rows(app, "select * from authenticators") == []


async def test_the_secret_is_not_readable_in_the_database(app, carol):
    secret, codes = await set_up(carol)
    stored = (await row(app, "select string_agg(a::text, '') from authenticators a"))[0]
    stored += (await row(app, "select string_agg(b::text, '') from backup_codes b"))[0]
    assert secret not in stored
    assert not any(each in stored or each.replace("-", "") in stored for each in codes)


async def test_beginning_twice_keeps_the_secret_that_the_app_has_already(carol):
    assert await begin(carol) == await begin(carol)


async def test_a_setup_that_was_left_is_over_after_a_quarter_of_an_hour(app, carol):
    first = await begin(carol)
    await row(app, "update authenticators set created_at = now() - interval '16 minutes'")
    assert (await carol.get(f"{TWO_STEP}/set-up")).headers["location"] == TWO_STEP
    answer = await carol.post(f"{TWO_STEP}/set-up", data={"code": code(first)})
    assert (answer.status_code, answer.headers["location"]) == (303, TWO_STEP)
    assert "asks for your password alone" in (await carol.open(TWO_STEP)).text
    assert await begin(carol) != first


async def test_the_last_form_sent_twice_shows_the_same_codes(app, carol):
    secret, codes = await set_up(carol)
    again = await carol.post(f"{TWO_STEP}/set-up", data={"code": code(secret)})
    assert again.status_code == 303
    assert backup_codes(await carol.open(f"{TWO_STEP}/codes")) == codes
    assert await events(app) == ["second step on"]


async def test_a_second_step_that_is_on_is_not_set_up_over_it(app, carol):
    await set_up(carol)
    before = await rows(app, "select secret from authenticators")
    answer = await carol.post(TWO_STEP, data={"current_password": PASSWORD})
    assert (await carol.open(answer.headers["location"])).url.path == TWO_STEP
    assert await rows(app, "select secret from authenticators") == before


async def test_the_codes_are_shown_for_ten_minutes_or_until_carol_has_them(app, carol):
    _, codes = await set_up(carol)
    text = await carol.open(f"{TWO_STEP}/codes.txt")
    assert (await carol.open(f"{TWO_STEP}/codes")).headers["cache-control"] == "no-store"
    assert text.headers["content-disposition"].startswith("attachment;")
    assert text.headers["cache-control"] == "no-store"
    assert re.findall(r"^\w{4}-\w{4}-\w{4}-\w{4}$", text.text, re.M) == codes
    assert (await carol.post(f"{TWO_STEP}/codes/hide")).headers["location"] == TWO_STEP
    assert (await carol.get(f"{TWO_STEP}/codes")).headers["location"] == TWO_STEP
    assert (await carol.get(f"{TWO_STEP}/codes.txt")).headers["location"] == TWO_STEP
    answer = await carol.post(f"{TWO_STEP}/codes", data={"current_password": PASSWORD})
    await row(app, "update authenticators set fresh_until = now()")
    assert (await carol.get(answer.headers["location"])).headers["location"] == TWO_STEP


async def test_new_codes_void_the_earlier_ones(app, carol):
    _, earlier = await set_up(carol)
    answer = await carol.post(f"{TWO_STEP}/codes", data={"current_password": PASSWORD})
    codes = backup_codes(await carol.open(answer.headers["location"]))
    assert not set(earlier) & set(codes)
    await go_half_way(carol)
    assert (await take(carol, earlier[0])).status_code == 422
    assert (await take(carol, codes[0])).status_code == 303
    assert await events(app) == ["second step on", "backup codes made", "backup code used"]


async def test_few_codes_are_told_on_the_page(app, carol):
    await set_up(carol)
    assert "10 codes left" in (await carol.open(TWO_STEP)).text
    await row(app, "delete from backup_codes where code_hash <> (select min(code_hash) from backup_codes)")
    (sentence,) = look.errors(await carol.open(TWO_STEP))
    assert sentence == "1 code left, each for one sign-in without the phone. Make new ones before you need them."


async def test_switched_off_the_password_is_enough_and_the_codes_are_gone(app, carol):
    await set_up(carol)
    for _ in range(2):
        answer = await carol.post(f"{TWO_STEP}/disable", data={"current_password": PASSWORD})
        assert (answer.status_code, answer.headers["location"]) == (303, TWO_STEP)
    assert await rows(app, "select * from backup_codes") == []
    await carol.post("/sign-out")
    assert (await sign_in(carol)).headers["location"] == "/"
    assert await events(app) == ["second step on", "second step off"]


async def test_without_a_second_step_there_are_no_codes_to_make_or_show(app, carol):
    answer = await carol.post(f"{TWO_STEP}/codes", data={"current_password": PASSWORD})
    assert answer.headers["location"] == TWO_STEP
    assert (await carol.post(f"{TWO_STEP}/codes/hide")).status_code == 303
    assert (await carol.get(f"{TWO_STEP}/codes")).status_code == 303
    assert await rows(app, "select * from backup_codes") == []
    assert await events(app) == []


async def test_one_account_sees_and_changes_nothing_of_another(app, carol):
    await set_up(carol)
    async with Client(app) as dave:
        await sign_up(dave, "dave")
        assert "asks for your password alone" in (await dave.open(TWO_STEP)).text
        assert (await dave.get(f"{TWO_STEP}/codes")).status_code == 303
        await dave.post(f"{TWO_STEP}/disable", data={"current_password": PASSWORD})
    assert "It is on" in (await carol.open(TWO_STEP)).text
