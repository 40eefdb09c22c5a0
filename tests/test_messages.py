"""Messages: answer, quote, preview; what is refused comes back."""

import asyncio

import pytest

from tests import look
from tests.factories import fields, make_message, make_thread, row


async def count(app) -> int:
    return (await row(app, "select count(*) from messages"))[0]


async def test_bob_answers_without_javascript_and_lands_on_his_message(app, bob, thread):
    await row(app, "update threads set last_activity_at = now() - interval '5 hours'")
    assert "active 5 h" in look.words(look.card(await bob.open("/"), thread.id))
    answer = await look.submit(bob, await bob.open(thread.path), text="Good *words*.")
    assert answer.status_code == 303
    place = await bob.get(answer.headers["location"])
    message_id = int(answer.headers["location"].rpartition("/")[2])
    assert place.headers["location"] == f"{thread.path}#message-{message_id}"
    page = await bob.open(answer.headers["location"])
    assert look.messages(page) == [thread.opening, message_id]
    assert "<p>Good <em>words</em>.</p>" in page.text
    assert "2 messages" in page.text
    card = look.card(await bob.open("/"), thread.id)
    assert "2 messages active now" in look.words(card)


async def test_htmx_gets_the_message_an_empty_form_and_the_answered_one_with_its_link_back(app, bob, thread):
    page = await bob.open(f"{thread.path}?reply={thread.opening}")
    answer = await look.submit(bob, page, htmx=True, text="I agree.")
    assert answer.status_code == 200
    assert "<html" not in answer.text
    new = (await row(app, "select max(id) from messages"))[0]
    parts = {part.get("hx-target"): part for part in look.tree(answer).iter("hx-partial")}
    assert look.ids(parts["#messages"], "message-") == [new]
    assert look.ids(parts[f"#message-{thread.opening}"], "message-") == [thread.opening]
    assert f"answered by #{new}" in look.words(parts[f"#message-{thread.opening}"])
    assert f"answers #{thread.opening}" in look.words(parts["#messages"])
    empty = look.fields(look.form(answer))
    assert (empty["text"], empty["reply_to"]) == ("", "")
    assert empty["form_key"] != look.fields(look.form(page))["form_key"]
    whole = await bob.open(thread.path)
    assert _lines(parts["#messages"]) == _lines(look.message(whole, new))
    assert _lines(parts[f"#message-{thread.opening}"]) == _lines(look.message(whole, thread.opening))


async def test_two_answers_in_a_row_with_htmx_are_two(app, bob, thread):
    first = await look.submit(bob, await bob.open(thread.path), htmx=True, text="One.")
    await look.submit(bob, first, htmx=True, text="Two.")
    assert await count(app) == 3


async def test_reply_quotes_and_links_both_ways(bob, alice, thread):
    said = await make_message(alice, thread, "First.\n\n> an older quote\n\nSecond *line*.")
    page = await bob.open(f"{thread.path}?reply={said}")
    begun = look.fields(look.form(page))
    assert begun["text"] == "> **alice:**\n> First.\n> \n> Second *line*.\n\n"
    assert begun["reply_to"] == str(said)
    assert (await bob.open(f"/messages/{said}/quote")).text == begun["text"]
    sent = await look.submit(bob, page, text=begun["text"] + "Mine.")
    answer = int(sent.headers["location"].rpartition("/")[2])
    page = await bob.open(thread.path)
    assert f"/messages/{said}" in look.links(look.message(page, answer))
    assert f"/messages/{answer}" in look.links(look.message(page, said))
    assert "<blockquote>\n<p><strong>alice:</strong><br>\nFirst.</p>" in page.text


@pytest.mark.parametrize("reply", ["x", "-1", "9" * 30, "", "%00", "1e3", "٣"])
async def test_an_odd_number_to_reply_to_is_no_reply(bob, thread, reply):
    assert look.fields(look.form(await bob.open(f"{thread.path}?reply={reply}")))["reply_to"] == ""


async def test_a_stranger_who_follows_a_reply_link_is_asked_to_sign_in(stranger, thread):
    page = await stranger.open(f"{thread.path}?reply={thread.opening}")
    assert not look.with_class(look.tree(page), "composer")


async def test_an_answer_to_a_message_of_another_thread_is_just_a_message(bob, thread):
    other = await make_thread(bob, "Another", "Elsewhere.")
    answer = await look.send(bob, f"{thread.path}/messages", htmx=True, text="Hm.", reply_to=other.opening)
    assert "answers #" not in answer.text
    assert "Elsewhere." not in answer.text
    assert "answered by" not in (await bob.open(other.path)).text


async def test_an_answer_to_a_message_that_was_deleted_meanwhile_is_just_a_message(alice, bob, thread):
    said = await make_message(alice, thread, "Regret.")
    page = await bob.open(f"{thread.path}?reply={said}")
    await alice.post(f"/messages/{said}/delete")
    answer = await look.submit(bob, page, text="Hm.")
    assert answer.status_code == 303
    assert "answers #" not in (await bob.open(thread.path)).text
    assert (await bob.get(f"{thread.path}?reply={said}")).status_code == 404


@pytest.mark.parametrize(
    ("text", "there", "nowhere"),
    [
        ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;", "<script>alert"),
        ("[x](javascript:alert(1))", "[x](javascript:alert(1))", 'href="javascript'),
        ("<javascript:alert(1)>", "&lt;javascript:alert(1)&gt;", 'href="javascript'),
        ("![x](https://evil.example/a.png)", "evil.example/a.png", "<img"),
        ('<b onclick="x()" id="act" data-hx-get="/">hi</b>', "&lt;b onclick=", "<b onclick"),
        ("# Heading", "<h3>Heading</h3>", "<h1>Heading"),
        ("https://a.example/?b=c&d", '<a href="https://a.example/?b=c&amp;d" rel="nofollow ugc noopener">', "onerror"),
        ("```html\n<hx-partial hx-target='#act'>\n```", "&lt;hx-partial", "<hx-partial"),
        ("{{ config.secret_keys }}{% raw %}", "{{ config.secret_keys }}{% raw %}", "Undefined"),
        ("a &amp; b &#0; c", "<p>a &amp; b � c</p>", "\x00"),
    ],
)
async def test_text_is_commonmark_and_can_do_no_harm(bob, stranger, thread, text, there, nowhere):
    message_id = await make_message(bob, thread, text)
    page = await stranger.open(thread.path)
    assert there in page.text
    assert nowhere not in page.text.partition(f'id="message-{message_id}"')[2]


@pytest.mark.parametrize("htmx", [False, True])
async def test_a_preview_shows_the_answer_and_keeps_everything(app, bob, thread, htmx):
    page = await bob.open(f"{thread.path}?reply={thread.opening}")
    preview = await look.submit(bob, page, htmx=htmx, text="Some *words*.", action="preview")
    assert preview.status_code == 200
    assert preview.text.startswith("<!DOCTYPE") != htmx
    (shown,) = look.with_class(look.tree(preview), "preview")
    assert look.words(next(shown.iter("em"))) == "words"
    assert look.fields(look.form(preview)) == look.fields(look.form(page)) | {"text": "Some *words*."}
    assert await count(app) == 1
    await look.submit(bob, preview, htmx=htmx)
    assert await count(app) == 2
    assert f"answers #{thread.opening}" in (await bob.open(thread.path)).text


@pytest.mark.parametrize("htmx", [False, True])
@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (" \r\n ", "The message is empty."),
        ("x" * 20_001, "The message has 20,001 characters; at most 20,000 are allowed. Shorten it."),
        ("a\x00b", "The message holds a character that can not be stored (U+0000). It is left out here: check it."),
    ],
)
async def test_what_can_not_be_an_answer_comes_back_with_a_sentence(app, bob, thread, text, sentence, htmx):
    answer = await look.submit(bob, await bob.open(thread.path), htmx=htmx, text=text)
    assert answer.status_code == 422
    assert look.errors(answer) == [sentence]
    assert look.fields(look.form(answer))["text"] == text.strip().replace("\0", "")
    field = look.by_id(look.tree(answer), "text")
    assert (field.get("aria-invalid"), field.get("aria-describedby")) == ("true", "error-text")
    assert await count(app) == 1


@pytest.mark.parametrize("change", [{"reply_to": "x"}, {"form_key": "x"}, {"revision": "-1"}, {"reply_to": "9" * 19}])
async def test_a_field_that_no_page_of_ours_sends_is_refused_and_the_text_comes_back(app, bob, thread, change):
    answer = await look.send(bob, f"{thread.path}/messages", **fields(text="My words.") | change)
    assert answer.status_code == 400
    assert "My words." in answer.text
    assert await count(app) == 1


async def test_half_a_body_is_refused(app, bob, thread):
    body, kind = look.multipart(fields(text="My words."))
    for cut in (20, len(body) // 2, len(body) - 60):
        answer = await bob.post(f"{thread.path}/messages", content=body[:cut], headers={"Content-Type": kind})
        assert answer.status_code == 400
    assert await count(app) == 1


async def test_a_form_sent_twice_gives_the_first_message(app, bob, thread):
    sent = fields(text="Once.")
    first, second = [await look.send(bob, f"{thread.path}/messages", **sent) for _ in range(2)]
    assert first.headers["location"] == second.headers["location"]
    third = await look.send(bob, f"{thread.path}/messages", htmx=True, **sent)
    assert first.headers["location"].rpartition("/")[2] == str(look.messages(third)[0])
    assert await count(app) == 2
    assert (await row(app, "select message_count from threads"))[0] == 2


async def test_a_form_sent_five_times_at_once_gives_one_message(busy_app, join):
    bob = await join("bob", app=busy_app)
    thread = await make_thread(bob)
    sent = fields(text="Once.")
    answers = await asyncio.gather(*(look.send(bob, f"{thread.path}/messages", **sent) for _ in range(5)))
    assert {answer.status_code for answer in answers} == {303}
    assert len({answer.headers["location"] for answer in answers}) == 1
    assert (await row(busy_app, "select count(*), max(t.message_count) from messages, threads t"))[:] == (2, 2)


async def test_a_form_that_went_back_and_changed_is_not_swallowed(app, bob, thread):
    page = await bob.open(thread.path)
    await look.submit(bob, page, text="First.")
    again = await look.submit(bob, page, text="Second.")
    assert again.status_code == 409
    assert look.fields(look.form(again))["text"] == "Second."
    assert (await look.submit(bob, again)).status_code == 303
    assert await count(app) == 3


async def test_answers_at_the_same_time_are_all_counted(busy_app, join):
    people = [await join(name, app=busy_app) for name in ("alice", "bob", "carol")]
    thread = await make_thread(people[0])
    sent = [look.send(each, f"{thread.path}/messages", text=f"Hi {n}.") for each in people for n in range(5)]
    assert {answer.status_code for answer in await asyncio.gather(*sent)} == {303}
    found = await row(busy_app, "select message_count, others_points from threads")
    assert found[:] == (16, 10)


async def test_an_answer_to_a_thread_that_is_gone_comes_back(alice, bob, thread):
    page = await bob.open(thread.path)
    await alice.post(f"{thread.path}/delete")
    answer = await look.submit(bob, page, text="My long answer.")
    assert answer.status_code == 404
    assert look.by_id(look.tree(answer), "kept").text == "My long answer."
    assert (await look.send(bob, "/threads/999999/messages", text="My words.")).status_code == 404


async def test_htmx_keeps_the_form_that_stands_there_when_the_thread_is_gone(alice, bob, thread):
    page = await bob.open(thread.path)
    await alice.post(f"{thread.path}/delete")
    answer = await look.submit(bob, page, htmx=True, text="My long answer.")
    assert answer.status_code == 404
    # Nothing but a notice: the form and what was typed into it stay as they are on the page.
    assert [part.get("hx-target") for part in look.tree(answer)] == ["#notice"]


@pytest.mark.parametrize("htmx", [False, True])
async def test_who_was_signed_out_meanwhile_gets_the_text_back(app, stranger, thread, htmx):
    sent = fields(text="Long words.", reply_to=thread.opening)
    answer = await look.send(stranger, f"{thread.path}/messages", htmx=htmx, **sent)
    assert answer.status_code == 403
    assert look.errors(answer) == [
        "You are signed out. Sign in in another tab, come back to this one and send it again."
    ]
    back = look.fields(look.form(answer))
    assert (back["text"], back["reply_to"], back["form_key"]) == ("Long words.", str(thread.opening), sent["form_key"])
    assert await count(app) == 1


def _lines(element) -> str:
    return look.words(element)
