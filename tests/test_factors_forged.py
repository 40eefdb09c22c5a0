"""Passkeys: what is not ours, not fresh, not whole or not theirs is refused."""

import asyncio
import dataclasses
import json
import time

import pytest
from itsdangerous import Signer
from webauthn.helpers import bytes_to_base64url

from board.app import create_app
from tests import look
from tests.authenticator import ORIGIN, PRESENT, VERIFIED, Authenticator
from tests.entrance import sign_up, who
from tests.factories import row
from tests.passkeys import (  # fixtures  # noqa: F401
    GONE,
    PASSKEYS,
    WRONG,
    add,
    asked,
    browser,
    enter,
    leave,
    named,
    prepare,
    site_with_passkeys,
    somebody,
    somebody_else,
)
from tests.routes import cheaply
from tests.steps import events, rows


async def test_what_made_a_passkey_makes_no_second_one(app, carol, dave):
    first, second = Authenticator(), Authenticator()
    options = await prepare(carol)
    fields = {"name": "Phone", "credential": first.make(options)}
    assert (await carol.post(PASSKEYS, data=fields)).status_code == 303
    for client, credential in ((carol, fields["credential"]), (carol, second.make(options))):
        answer = await client.post(PASSKEYS, data={"name": "Phone", "credential": credential})
        assert look.errors(answer)[-1] == "This was sent before. Try again."
    answer = await dave.post(PASSKEYS, data={"name": "Phone", "credential": second.make(await prepare(carol))})
    assert look.errors(answer)[-1] == WRONG
    assert len(await rows(app, "select * from passkeys")) == 1


@pytest.mark.parametrize(
    ("lie", "told"),
    [
        ({"origin": "https://evil.example"}, {}),
        ({"origin": "http://localhost:8001"}, {}),
        ({"host": "evil.example"}, {}),
        ({"flags": PRESENT}, {}),
        ({"flags": VERIFIED}, {}),
        ({}, {"type": "webauthn.get"}),
        ({}, {"challenge": "AAAA"}),
        ({}, {"challenge": ""}),
    ],
)
async def test_a_passkey_that_was_not_made_for_us_is_not_added(app, carol, lie, told):
    answer = await carol.post(
        PASSKEYS, data={"name": "x", "credential": Authenticator(**lie).make(await prepare(carol), **told)}
    )
    assert answer.status_code == 422
    assert look.errors(answer)[-1] == WRONG
    assert await rows(app, "select * from passkeys") == []


@pytest.mark.parametrize(
    ("lie", "told"),
    [
        ({"origin": "https://evil.example"}, {}),
        ({"origin": "https://localhost:8000"}, {}),
        ({"origin": "http://localhost:8000.evil.example"}, {}),
        ({"host": "evil.example"}, {}),
        ({"flags": PRESENT}, {}),
        ({"flags": VERIFIED}, {}),
        ({}, {"type": "webauthn.create"}),
        ({}, {"challenge": "AAAA"}),
        ({"key": Authenticator().key}, {}),
        ({"handle": b""}, {}),
        ({"handle": b"0" * 16}, {}),
        ({"id": b"0" * 32}, {}),
    ],
)
async def test_an_answer_that_is_not_for_us_signs_nobody_in(app, carol, lie, told):
    device = Authenticator()
    await add(carol, device)
    options = await leave(carol)
    for name, value in lie.items():
        setattr(device, name, value)
    answer = await enter(carol, device.sign(options, **told), next="/boards")
    assert answer.status_code == 422
    assert look.errors(answer) in ([WRONG], [GONE])
    assert 'name="next" value="/boards"' in answer.text
    assert await who(carol) == ""
    assert await rows(app, "select * from passkeys where used_at is not null") == []


async def test_every_byte_of_an_answer_counts(carol):
    device = Authenticator()
    await add(carol, device)
    for part in ("clientDataJSON", "authenticatorData", "signature", "userHandle"):
        good = json.loads(device.sign(await leave(carol)))
        text = good["response"][part]
        spoilt = text[:-4] + ("AAAA" if text[-4:] != "AAAA" else "BBBB")
        answer = await enter(carol, json.dumps({**good, "response": {**good["response"], part: spoilt}}))
        assert answer.status_code == 422, part
        assert await who(carol) == ""


async def test_an_answer_is_good_once(app, carol):
    device = Authenticator(step=0)
    await add(carol, device)
    answer = device.sign(await leave(carol))
    assert (await enter(carol, answer)).status_code == 303
    await leave(carol)
    again = await enter(carol, answer)
    assert look.errors(again) == ["This was sent before. Try again."]
    assert await who(carol) == ""


async def test_an_answer_that_was_held_back_too_long_is_too_late(app, carol):
    device = Authenticator()
    await add(carol, device)
    options = json.loads(await leave(carol))
    signer = Signer(app.state.config.keys(), salt="board.passkey", key_derivation="hmac")
    late = signer.sign(f"sign in:{int(time.time()) - 1}:x")
    answer = device.sign(json.dumps(options | {"challenge": bytes_to_base64url(late)}))
    assert look.errors(await enter(carol, answer)) == ["That took too long. Try again."]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "null",
        "[]",
        "1",
        "x",
        '"x"',
        "{" * 9_000,
        "[" * 9_000,
        '{"response": 1}',
        "x" * 100_000,
        (
            '{"id": "a", "rawId": "a", "type": "public-key", "response": {"clientDataJSON": "e30", '
            '"authenticatorData": "AA", "signature": "AA", "attestationObject": "AA"}}'
        ),
    ],
)
async def test_what_is_no_answer_at_all_gets_a_sentence(carol, text):
    assert look.errors(await carol.post(PASSKEYS, data={"name": "x", "credential": text}))[-1] == WRONG
    assert look.errors(await enter(carol, text)) == [WRONG]


async def test_a_passkey_that_counts_backwards_is_refused_and_carol_is_told(app, carol):
    device = Authenticator()
    await add(carol, device, "My <phone>")
    for count, status in ((6, 303), (6, 422), (3, 422), (7, 303)):
        device.count = count - 1
        answer = await enter(carol, device.sign(await leave(carol)))
        assert answer.status_code == status, count
    assert (await events(app)).count("passkey refused") == 2
    assert (await row(app, "select details->>'name' from account_events where kind = 'passkey refused'"))[
        0
    ] == "My <phone>"


async def test_of_two_answers_at_once_one_signs_in(config, own_database):
    app = create_app(dataclasses.replace(config, database_url=own_database, public_origin=ORIGIN), with_jobs=False)
    async with app.router.lifespan_context(app), browser(app) as carol, browser(app) as thief:
        cheaply(app)
        device = Authenticator()
        await sign_up(carol)
        await add(carol, device)
        answer = device.sign(await leave(carol))
        answers = await asyncio.gather(*(enter(client, answer) for client in (carol, thief)))
        assert sorted(each.status_code for each in answers) == [303, 422]
