"""Passkeys: added with the password, they sign in without name and password, and count for both steps."""

import json

import pytest

from tests import look
from tests.authenticator import PRESENT, Authenticator
from tests.conftest import Client
from tests.entrance import PASSWORD, sign_up, site, who
from tests.factories import row
from tests.passkeys import (  # fixtures  # noqa: F401
    GONE,
    PASSKEYS,
    WRONG,
    add,
    asked,
    enter,
    leave,
    named,
    prepare,
    site_with_passkeys,
    somebody,
    somebody_else,
)
from tests.routes import cheaply
from tests.steps import STEP, events, go_half_way, rows, set_up


async def test_carol_adds_a_passkey_and_signs_in_without_name_or_password(app, carol):
    device = Authenticator()
    answer = await add(carol, device)
    assert (answer.status_code, answer.headers["location"]) == (303, PASSKEYS)
    page = await carol.open(PASSKEYS)
    assert named(page) == ["My phone"] and "not used yet" in page.text
    options = await leave(carol)
    answer = await enter(carol, device.sign(options), next="/boards", remember="on")
    assert (answer.status_code, answer.headers["location"]) == (303, "/boards")
    assert await who(carol) == "carol"
    assert "last used" in (await carol.open(PASSKEYS)).text
    assert (await events(app))[:1] == ["passkey added"]


async def test_what_devices_are_asked_names_our_site_and_nothing_that_others_see(app, carol):
    made = json.loads(await prepare(carol))
    assert made["rp"] == {"id": "localhost", "name": "Board"}
    assert made["user"]["name"] == "carol"
    handle = made["user"]["id"]
    assert len(handle) == 22
    assert handle == json.loads(await prepare(carol))["user"]["id"]
    assert made["authenticatorSelection"]["residentKey"] == "required"
    assert made["authenticatorSelection"]["userVerification"] == "required"
    assert made["attestation"] == "none"
    signs = json.loads(await leave(carol))
    assert (signs["rpId"], signs["allowCredentials"], signs["userVerification"]) == ("localhost", [], "required")


async def test_the_host_that_was_asked_for_changes_nothing(carol):
    page = await carol.get("/sign-in", headers={"Host": "evil.example"})
    assert json.loads(asked(page))["rpId"] == "localhost"
    assert "evil.example" not in page.text


async def test_several_passkeys_each_sign_in_and_a_device_is_not_asked_twice(carol):
    devices = [Authenticator(), Authenticator(step=0)]
    for device, name in zip(devices, ("Phone", "Key <b>"), strict=True):
        await add(carol, device, name)
    excluded = [each["id"] for each in json.loads(await prepare(carol))["excludeCredentials"]]
    assert len(excluded) == 2
    assert named(await carol.open(PASSKEYS)) == ["Phone", "Key <b>"]
    for device in [*devices, *devices]:
        assert (await enter(carol, device.sign(await leave(carol)))).status_code == 303


async def test_adding_asks_for_the_password_and_a_name(app, carol):
    for name, password, told in (
        ("Phone", "not her password", "This is not your password. Type the one that you sign in with now."),
        ("", PASSWORD, "The passkey's name is empty."),
        ("x" * 61, PASSWORD, "The passkey's name has 61 characters; at most 60 are allowed. Shorten it."),
    ):
        answer = await carol.post(f"{PASSKEYS}/new", data={"name": name, "current_password": password})
        assert (answer.status_code, look.errors(answer)[-1]) == (422, told)
        assert f'name="name" value="{name}"' in answer.text
        assert "data-passkey" not in answer.text
    assert await rows(app, "select * from passkey_owners") == []


async def test_the_same_passkey_is_added_once(app, carol, dave):
    device = Authenticator()
    await add(carol, device)
    for client in (carol, dave):
        answer = await add(client, device)
        assert answer.status_code == 422
        assert look.errors(answer)[-1].startswith("This passkey is known already")
    assert (await events(app)).count("passkey added") == 1


async def test_an_account_has_twenty_at_most(app, carol):
    await add(carol, Authenticator())
    await row(
        app,
        "insert into passkeys (account_id, credential_id, public_key, sign_count, name) "
        "select account_id, n::text::bytea, '', 0, 'x' from passkeys, generate_series(1, 19) n",
    )
    assert (await add(carol, Authenticator())).status_code == 422


async def test_a_removed_passkey_is_refused(app, carol):
    device = Authenticator()
    await add(carol, device)
    (link,) = [each for each in look.links(look.tree(await carol.open(PASSKEYS))) if each.startswith(f"{PASSKEYS}/")]
    answer = await carol.post(f"{link}/remove", data={"current_password": "not her password"})
    assert look.errors(answer) == ["This is not your password. Type the one that you sign in with now."]
    for _ in range(2):
        answer = await carol.post(f"{link}/remove", data={"current_password": PASSWORD})
        assert (answer.status_code, answer.headers["location"]) == (303, PASSKEYS)
    assert (await carol.get(link)).status_code == 404
    assert look.errors(await enter(carol, device.sign(await leave(carol)))) == [GONE]
    assert await events(app) == ["passkey added", "passkey removed"]


async def test_a_passkey_is_renamed_by_its_owner_alone(app, carol, dave):
    await add(carol, Authenticator())
    link = f"{PASSKEYS}/{(await row(app, 'select id from passkeys'))[0]}"
    assert (await carol.post(f"{link}/rename", data={"name": "Blue phone"})).headers["location"] == PASSKEYS
    answer = await carol.post(f"{link}/rename", data={"name": " "})
    assert (answer.status_code, look.errors(answer)) == (422, ["The passkey's name is empty."])
    assert (await dave.get(link)).status_code == 404
    assert (await dave.post(f"{link}/rename", data={"name": "Mine"})).status_code == 404
    await dave.post(f"{link}/remove", data={"current_password": PASSWORD})
    assert named(await carol.open(PASSKEYS)) == ["Blue phone"]


async def test_a_passkey_counts_for_both_steps(app, carol):
    device = Authenticator()
    await add(carol, device)
    await set_up(carol)
    assert (await enter(carol, device.sign(await leave(carol)))).status_code == 303
    assert await who(carol) == "carol"


async def test_a_passkey_is_a_second_step_of_its_own_account_alone(app, carol, dave):
    hers, his = Authenticator(), Authenticator()
    await add(carol, hers)
    await add(dave, his)
    await set_up(carol)
    await go_half_way(carol, next="/boards")
    options = asked(await carol.open(STEP))
    assert len(json.loads(options)["allowCredentials"]) == 1
    answer = await carol.post(f"{STEP}/passkey", data={"credential": his.sign(options)})
    assert (answer.status_code, look.errors(answer)) == (422, [GONE])
    for options in (await leave(dave), asked(answer)):
        hers.flags = PRESENT  # the password has told who it is
        last = await carol.post(f"{STEP}/passkey", data={"credential": hers.sign(options)})
        assert (last.status_code == 303) == (options == asked(answer))
    assert last.headers["location"] == "/boards"
    assert await who(carol) == "carol"


async def test_what_was_asked_as_second_step_does_not_sign_in_alone(carol):
    device = Authenticator()
    await add(carol, device)
    await set_up(carol)
    await go_half_way(carol)
    options = asked(await carol.open(STEP))
    assert look.errors(await enter(carol, device.sign(options))) == [WRONG]


@pytest.mark.parametrize(
    "origin", ["", "http://board.example", "https://192.0.2.1", "https://[2001:db8::1]", "http://127.0.0.1:8000"]
)
async def test_where_passkeys_can_not_be_the_pages_say_so(config, database, origin):
    async with site(config, database, public_origin=origin) as app, Client(app) as client:
        cheaply(app)
        client.headers["Origin"] = origin or client.headers["Origin"]
        client.base_url = f"{origin.partition(':')[0] or 'http'}://testserver"
        await sign_up(client)
        page = await client.open(PASSKEYS)
        assert look.errors(page)[0].startswith("Passkeys need a name of the site")
        answer = await client.post(f"{PASSKEYS}/new", data={"name": "x", "current_password": PASSWORD})
        assert answer.status_code == 422
        await client.post("/sign-out")
        assert "passkey" not in (await client.open("/sign-in")).text
