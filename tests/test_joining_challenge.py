"""Challenges: nobody notices them until many join; solved once each, with JavaScript, without, and not by a replay."""

import asyncio
import hashlib
import itertools
import re
import uuid

import httpx
import pytest

from board import joining
from board.joining import challenges
from board.kit.config import Config, ConfigError
from tests import look
from tests.conftest import Client
from tests.entrance import PASSWORD, sign_up, site, who
from tests.factories import row
from tests.routes import cheaply

QUESTIONS = "What barks? a dog / dogs"
ONE_MORE = "Many people are joining, so one more step is asked for: see below, and send it again."


@pytest.fixture
async def with_question(config, database):
    """The site whose admin asks a question."""
    async with site(config, database, challenge="question", challenge_questions=QUESTIONS) as app:
        cheaply(app)
        yield app


@pytest.fixture
async def with_work(config, database):
    """The site where everybody's computer works."""
    async with site(config, database, challenge="work") as app:
        cheaply(app)
        yield app


async def fields(client: Client, name: str = "carol") -> dict:
    """The form of the page, filled in but for the challenge."""
    page = await client.open("/sign-up")
    form = next(each for each in look.tree(page).iter("form") if each.get("action") == "/sign-up")
    return look.fields(form) | {"name": name, "password": PASSWORD}


async def solve(client: Client, name: str = "carol") -> dict:
    """The same with the work done, as the script does it."""
    page = await client.open("/sign-up")
    form = next(each for each in look.tree(page).iter("form") if each.get("action") == "/sign-up")
    (work,) = [each for each in form.iter("input") if each.get("name") == "work"]
    found = work_for(work.get("data-work"), int(work.get("data-bits")))
    return look.fields(form) | {"name": name, "password": PASSWORD, "work": str(found)}


def work_for(key: str, bits: int) -> int:
    def zeros(number: int) -> bool:
        digest = hashlib.sha256(f"{key}:{number}".encode()).digest()
        return int.from_bytes(digest[:4]) >> (32 - bits) == 0

    return next(number for number in itertools.count() if zeros(number))


def later(monkeypatch, seconds: float) -> None:
    """Let so much time pass."""
    now = challenges.time.time() + seconds
    monkeypatch.setattr(challenges.time, "time", lambda: now)


@pytest.mark.parametrize("answer", ["a dog", "Dog", "  THE DOG! ", "dogs.", "A  dóg"])
async def test_an_answer_counts_however_it_is_written(with_question, answer):
    async with Client(with_question) as carol:
        assert (await carol.post("/sign-up", data=await fields(carol) | {"answer": answer})).status_code == 303
        assert await who(carol) == "carol"


@pytest.mark.parametrize("answer", ["", "a cat", "dog dog", "x" * 10_000])
async def test_a_wrong_answer_gets_a_sentence_and_all_that_was_typed_comes_back(with_question, answer):
    async with Client(with_question) as carol:
        refused = await carol.post("/sign-up", data=await fields(carol) | {"answer": answer})
        assert refused.status_code == 422
        sentence = "This is not the answer. A word or two will do; capital letters do not matter."
        assert look.errors(refused) == [sentence]
        form = next(each for each in look.tree(refused).iter("form") if each.get("action") == "/sign-up")
        typed = look.fields(form)
        assert (typed["name"], typed["password"], typed["answer"]) == ("carol", "", answer)
        again = await carol.post("/sign-up", data=typed | {"password": PASSWORD, "answer": "dog"})
        assert again.status_code == 303


async def test_the_work_of_the_script_lets_her_in_without_waiting(with_work):
    async with Client(with_work) as carol:
        assert (await carol.post("/sign-up", data=await solve(carol))).status_code == 303
        assert await who(carol) == "carol"


async def test_without_the_script_a_while_takes_its_place(with_work, monkeypatch):
    async with Client(with_work) as carol:
        sent = await fields(carol)
        early = await carol.post("/sign-up", data=sent)
        assert early.status_code == 422
        (sentence,) = look.errors(early)
        assert re.fullmatch(r"Many people are joining, .* Send the form again in 1[45] seconds\.", sentence)
        later(monkeypatch, challenges.WAIT)
        form = next(each for each in look.tree(early).iter("form") if each.get("action") == "/sign-up")
        again = look.fields(form) | {"password": PASSWORD}
        assert again["challenge"] == sent["challenge"], "the wait goes on where it was"
        assert (await carol.post("/sign-up", data=again)).status_code == 303


@pytest.mark.parametrize("work", ["0", "-1", "1e9", "x", "9" * 400, "１２", "0x10"])
async def test_work_that_was_not_done_is_none(with_work, work):
    async with Client(with_work) as carol:
        assert (await carol.post("/sign-up", data=await fields(carol) | {"work": work})).status_code == 422
    assert (await row(with_work, "select count(*) from accounts"))[0] == 0


async def test_what_was_solved_counts_once(with_work):
    async with Client(with_work) as carol, Client(with_work) as robot:
        sent = await solve(carol)
        assert (await carol.post("/sign-up", data=sent)).status_code == 303
        replayed = await robot.post("/sign-up", data=sent | {"name": "robota"})
        assert replayed.status_code == 422
        assert look.errors(replayed) == ["This form was sent before. Here is a new one: send it again."]
        assert await who(robot) == ""
        assert (await carol.post("/sign-up", data=sent)).status_code == 303, "a second tap on the button"
    assert (await row(with_work, "select count(*) from accounts"))[0] == 1


async def test_of_eight_who_send_one_solution_at_once_one_comes_in(busy_app):
    app = busy_app
    cheaply(app)
    app.state.challenges._mode = "work"
    clients = [Client(app) for _ in range(8)]
    sent = await solve(clients[0])
    answers = await asyncio.gather(
        *(each.post("/sign-up", data=sent | {"name": f"friend-{n}"}) for n, each in enumerate(clients))
    )
    assert sorted(each.status_code for each in answers) == [303] + [422] * 7


async def test_a_name_that_is_taken_costs_no_new_work(with_work, join):
    await join("alice", app=with_work)
    async with Client(with_work) as carol:
        sent = await solve(carol, "alice")
        refused = await carol.post("/sign-up", data=sent)
        form = next(each for each in look.tree(refused).iter("form") if each.get("action") == "/sign-up")
        again = look.fields(form)
        assert (again["challenge"], again["work"]) == (sent["challenge"], sent["work"])
        assert (await carol.post("/sign-up", data=again | {"name": "carol", "password": PASSWORD})).status_code == 303


@pytest.mark.parametrize("damage", ["none", "empty", "another form's", "cut", "changed", "old", "words"])
async def test_a_challenge_that_is_not_this_forms_is_replaced(with_work, monkeypatch, damage):
    async with Client(with_work) as carol:
        sent = await solve(carol)
        token = sent["challenge"]
        if damage == "none":
            del sent["challenge"]
        elif damage == "another form's":
            sent["form_key"] = str(uuid.uuid4())
        elif damage == "old":
            later(monkeypatch, challenges.LIFETIME)
        else:
            sent["challenge"] = {"empty": "", "cut": token[:-4], "changed": "x" + token[1:], "words": "é" * 50}[damage]
        answer = await carol.post("/sign-up", data=sent)
        assert (answer.status_code, look.errors(answer)) == (422, [ONE_MORE])
        assert look.by_id(look.tree(answer), "name").get("value") == "carol"
    assert (await row(with_work, "select count(*) from accounts"))[0] == 0


async def test_nothing_is_stored_before_it_is_solved(with_work):
    async with Client(with_work) as robot:
        for _ in range(5):
            await robot.post("/sign-up", data=await fields(robot))
    assert (await row(with_work, "select count(*) from solved_challenges"))[0] == 0


async def test_when_many_join_within_an_hour_work_is_asked_for_and_then_more(app, stranger):
    async def newcomers(count: int) -> None:
        await row(
            app,
            "insert into accounts (name, name_key, password_hash)"
            " select 'n-' || n || '-' || $1, 'n-' || n || '-' || $1, '!' from generate_series(1, $1::integer) n",
            count,
        )

    async def bits() -> int | None:
        found = re.search(r'data-bits="(\d+)"', (await stranger.open("/sign-up")).text)
        return int(found[1]) if found else None

    await newcomers(challenges.SURGE - 1)
    assert await bits() is None
    await newcomers(1)
    assert await bits() == challenges.BITS + 1
    answer = await sign_up(stranger)
    assert (answer.status_code, look.errors(answer)) == (422, [ONE_MORE])
    await newcomers(challenges.SURGE)
    assert await bits() == challenges.BITS + 2
    await newcomers(1000)
    page = await stranger.open("/sign-up")
    assert f'data-bits="{challenges.BITS + challenges.HIGHEST}"' in page.text
    assert f"send the form {challenges.WAIT << challenges.HIGHEST} seconds" in page.text
    await row(app, "update accounts set created_at = now() - interval '2 hours'")
    assert await bits() is None


async def test_a_thousand_who_sign_up_from_everywhere_get_no_further_than_the_first_twenty(config, database):
    async with site(config, database, rate_limits=True) as app:
        cheaply(app)
        statuses = []
        for number in range(1_000):
            transport = httpx.ASGITransport(app=app, client=(f"10.0.{number // 250}.{number % 250}", 1))
            async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as robot:
                robot.headers["Origin"] = "http://testserver"
                statuses.append((await sign_up(robot, f"robota-{number:04}")).status_code)
        assert statuses == [303] * challenges.SURGE + [422] * (1_000 - challenges.SURGE)


async def test_a_thousand_who_sign_up_from_one_address_are_told_to_wait(config, database):
    async with site(config, database, rate_limits=True) as app, Client(app) as robot:
        cheaply(app)
        statuses = [(await sign_up(robot, f"robota-{number:04}")).status_code for number in range(1_000)]
        assert statuses == [303] * 10 + [429] * 990
        answer = await sign_up(robot)
        assert int(answer.headers["retry-after"]) > 0
        assert "Many people signed up from your address. Wait a while, then try again." in answer.text


async def test_who_fills_in_the_hidden_field_is_told_and_can_send_it_again(app, stranger):
    answer = await sign_up(stranger, website="https://spam.example")
    assert answer.status_code == 422
    assert look.errors(answer) == ["A hidden field was filled in, as programs do. It is empty again: try once more."]
    assert "spam.example" not in answer.text
    assert (await sign_up(stranger)).status_code == 303


async def test_solved_challenges_are_forgotten_when_their_time_is_over(with_work, database):
    async with Client(with_work) as carol:
        await carol.post("/sign-up", data=await solve(carol))
    assert await joining.forget_challenges(database) == 0
    await row(with_work, "update solved_challenges set expires_at = now() - interval '1 second'")
    assert await joining.forget_challenges(database) == 1


@pytest.mark.parametrize(
    "text", ["What barks", "? a dog", "What barks?", "What barks? a dog; And", "What? /", "What? !"]
)
def test_questions_that_nobody_could_answer_are_refused_at_the_start(text):
    with pytest.raises(ConfigError, match=r"CHALLENGE_QUESTIONS: .* must be like"):
        challenges.questions(text)


def test_asking_without_a_question_is_refused_at_the_start(tmp_path):
    with pytest.raises(ConfigError, match="CHALLENGE=question needs CHALLENGE_QUESTIONS"):
        challenges.Challenges(Config(challenge="question", data_dir=tmp_path))
