"""Boards: everybody sees them, admins alone make and change them."""

import pytest

from tests import look
from tests.factories import make_thread, row

NEWS = {"slug": "news", "name": "The news", "description": "What is new & true."}


async def count(app) -> int:
    return (await row(app, "select count(*) from boards"))[0]


def typed(answer) -> dict:
    """What stands in the form that came back."""
    forms = [each for each in look.tree(answer).iter("form") if each.get("action", "").startswith("/boards")]
    fields = look.fields(forms[0])
    return {key: text.removeprefix("\n") for key, text in fields.items()}


async def test_everybody_sees_the_boards_and_what_belongs_there(app, admin, stranger, alice):
    await admin.post("/boards", data=NEWS)
    for viewer in (stranger, alice):
        page = await viewer.open("/boards")
        assert {"/boards/general", "/boards/news"} <= set(look.links(look.tree(page)))
        assert "The news" in page.text
        assert "What is new &amp; true." in page.text
        assert "/boards/new" not in look.links(look.tree(page))
        assert "/boards/news/edit" not in look.links(look.tree(page))
    links = look.links(look.tree(await admin.open("/boards")))
    assert {"/boards/new", "/boards/news/edit", "/boards/general/edit"} <= set(links)


async def test_an_admin_makes_a_board_with_the_form_on_the_page(app, admin, alice, stranger):
    page = await admin.open("/boards/new")
    assert typed(page) == {"slug": "", "name": "", "description": ""}
    answer = await admin.post("/boards", data=NEWS)
    assert (answer.status_code, answer.headers["location"]) == (303, "/boards/news")
    thread = await make_thread(alice, title="In the news", board="news")
    board = await stranger.open("/boards/news")
    assert look.words(next(look.tree(board).iter("h1"))) == "The news"
    assert thread.path in look.links(look.tree(board))
    assert thread.path not in look.links(look.tree(await stranger.open("/boards/general")))


async def test_an_admin_changes_name_and_description_and_the_address_stays(app, admin, stranger):
    await admin.post("/boards", data=NEWS)
    assert typed(await admin.open("/boards/news/edit")) == {key: NEWS[key] for key in ("name", "description")}
    answer = await admin.post("/boards/news/edit", data={"name": "Old news", "description": "", "slug": "old"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/boards/news")
    found = await row(app, "select slug, name, description from boards where slug <> 'general'")
    assert tuple(found) == ("news", "Old news", "")
    assert "Old news" in (await stranger.open("/boards")).text


async def test_a_change_touches_no_other_board(app, admin):
    await admin.post("/boards", data=NEWS)
    await admin.post("/boards/news/edit", data={"name": "Old news", "description": ""})
    assert (await row(app, "select name from boards where slug = 'general'"))["name"] == "General"


@pytest.mark.parametrize("who", ["alice", "mod"])
async def test_members_and_moderators_neither_make_nor_change_boards(app, alice, mod, who):
    client = {"alice": alice, "mod": mod}[who]
    for answer in (
        await client.get("/boards/new"),
        await client.get("/boards/general/edit"),
        await client.post("/boards", data=NEWS),
        await client.post("/boards/general/edit", data=NEWS),
        await client.post("/boards/no-such-board/edit", data=NEWS),
        await client.post("/boards"),
    ):
        assert answer.status_code == 403
        assert "Only admins make and change boards." in answer.text
    assert await count(app) == 1
    assert (await row(app, "select name from boards"))["name"] == "General"


async def test_strangers_are_asked_to_sign_in(app, stranger):
    for method, path in (
        ("GET", "/boards/new"),
        ("GET", "/boards/general/edit"),
        ("POST", "/boards"),
        ("POST", "/boards/general/edit"),
    ):
        answer = await stranger.request(method, path, data=NEWS if method == "POST" else None)
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/sign-in?next=/")
    assert await count(app) == 1


@pytest.mark.parametrize("slug", ["a", "7", "a-b", "0-9", "x" * 40, "a--b", "edit", "general-2"])
async def test_short_names_that_can_be_in_an_address(app, admin, slug):
    answer = await admin.post("/boards", data=NEWS | {"slug": slug})
    assert (answer.status_code, answer.headers.get("location")) == (303, f"/boards/{slug}")
    assert (await admin.open(f"/boards/{slug}")).status_code == 200


PLAIN = "The short name holds small letters a to z, digits, and - between them."


@pytest.mark.parametrize(
    ("slug", "sentence"),
    [
        ("", "The short name is empty."),
        ("News", PLAIN),
        ("-news", PLAIN),
        ("news-", PLAIN),
        ("-", PLAIN),
        ("ne ws", PLAIN),
        ("ne/ws", PLAIN),
        ("../news", PLAIN),
        ("nėws", PLAIN),
        ("news٣", PLAIN),
        ("news_1", PLAIN),
        ("new?s", PLAIN),
        ("x" * 41, "The short name has 41 characters; at most 40 are allowed. Shorten it."),
        ("new", "“new” is taken by the page that makes boards. Choose another short name."),
        ("general", "There is a board with this short name. Choose another."),
        ("ne\0ws", "The short name holds a character that can not be stored (U+0000). It is left out here: check it."),
    ],
)
async def test_other_short_names_are_refused_and_what_was_typed_comes_back(app, admin, slug, sentence):
    answer = await admin.post("/boards", data=NEWS | {"slug": slug})
    assert answer.status_code == 422
    assert look.errors(answer) == [sentence]
    assert typed(answer) == NEWS | {"slug": slug.replace("\0", "")}
    assert await count(app) == 1


@pytest.mark.parametrize(
    ("field", "text", "sentence"),
    [
        ("name", "", "The name is empty."),
        ("name", " \u200b ", "The name is empty."),
        ("name", "x" * 41, "The name has 41 characters; at most 40 are allowed. Shorten it."),
        ("description", "x" * 301, "The description has 301 characters; at most 300 are allowed. Shorten it."),
        (
            "description",
            "a\x08b",
            "The description holds a character that can not be stored (U+0008). It is left out here: check it.",
        ),
    ],
)
@pytest.mark.parametrize("path", ["/boards", "/boards/general/edit"])
async def test_names_and_descriptions_over_the_limit_are_refused_and_come_back(app, admin, path, field, text, sentence):
    answer = await admin.post(path, data=NEWS | {field: text})
    assert answer.status_code == 422
    assert look.errors(answer) == [sentence]
    assert typed(answer)[field] == text.replace("\x08", "").strip()
    assert await count(app) == 1
    assert (await row(app, "select name from boards"))["name"] == "General"


async def test_names_and_descriptions_at_their_limit_are_stored_to_the_letter(app, admin):
    name, description = "ß" * 40, "🐘" * 300
    assert (await admin.post("/boards", data=NEWS | {"name": name, "description": description})).status_code == 303
    found = await row(app, "select name, description from boards where slug = 'news'")
    assert tuple(found) == (name, description)


async def test_names_and_descriptions_are_text_and_never_markup(admin, stranger):
    odd = "<b>\"&'{{1234*4321}}"
    assert (await admin.post("/boards", data=NEWS | {"name": odd, "description": odd})).status_code == 303
    for client, path in (
        (stranger, "/boards"),
        (stranger, "/boards/news"),
        (stranger, "/"),
        (admin, "/boards/news/edit"),
        (admin, "/threads/new"),
    ):
        page = await client.open(path)
        assert "<b>&#34;" not in page.text
        assert "5332114" not in page.text
        assert "&lt;b&gt;&#34;&amp;&#39;{{1234*4321}}" in page.text


async def test_the_form_sent_twice_leads_to_the_one_board(app, admin):
    for _ in range(2):
        answer = await admin.post("/boards", data=NEWS)
        assert (answer.status_code, answer.headers.get("location")) == (303, "/boards/news")
    assert await count(app) == 2
    answer = await admin.post("/boards", data=NEWS | {"name": "Other news"})
    assert answer.status_code == 422
    assert (await row(app, "select name from boards where slug = 'news'"))["name"] == "The news"


@pytest.mark.parametrize("field", ["slug", "name", "description"])
async def test_a_form_without_a_field_is_a_sentence(app, admin, field):
    answer = await admin.post("/boards", data={key: text for key, text in NEWS.items() if key != field})
    assert answer.status_code == 400
    assert f"The form came without its field “{field}”." in answer.text
    assert await count(app) == 1


@pytest.mark.parametrize("slug", ["nothing", "GENERAL", "gen%65ralx", "%ED%A0%80", "general%0a", "%2e%2e", "x" * 9_000])
async def test_a_board_that_there_is_not_is_not_found(admin, stranger, slug):
    for client, method, path in (
        (stranger, "GET", f"/boards/{slug}"),
        (admin, "GET", f"/boards/{slug}/edit"),
        (admin, "POST", f"/boards/{slug}/edit"),
    ):
        answer = await client.request(method, path)
        assert answer.status_code == 404
        assert "There is no such board." in answer.text


async def test_new_leads_to_the_form_and_can_not_be_changed(admin):
    assert "Make a board" in (await admin.open("/boards/new")).text
    assert (await admin.get("/boards/new/edit")).status_code == 404
