"""On a large board the tabs of who wrote very much cost what those of others cost, filtered or not."""

import pytest

from tests.test_plans import MODES, big, check  # noqa: F401

# Of account 1, who wrote 7,500 messages.
FILTERS = {
    "the last": {"pictures": "true", "least": "30"},
    "half of them": {"board": "'board-2'"},
    "none by words": {"patterns": "'{%nothing%}'"},
    "none by points": {"least": "99999"},
    "none by board": {"board": "'nowhere'"},
    "a year": {"since": "now() - interval '300 days'", "until": "now() - interval '200 days'"},
}


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("label", FILTERS)
async def test_a_filter_looks_at_no_more_than_its_reach(big, label, mode):  # noqa: F811
    for name, back in (("messages/list_by_author", {}), ("messages/list_by_author_back", {"key": "'2000-01-01'"})):
        plan = await check(big, name, mode, label, 7_000, reach="1000", **FILTERS[label], **back)
        assert plan.most_rows <= 2_100
        assert plan.buffers <= 7_060, "seven blocks for each message that is looked at"


@pytest.mark.parametrize("mode", MODES)
async def test_a_page_that_is_full_is_looked_at_no_further(big, mode):  # noqa: F811
    plan = await check(big, "messages/list_by_author", mode, "full", 30, patterns="'{%words%}'", reach="5000")
    assert plan.rows == 51
    assert plan.most_rows <= 110


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(
    ("name", "middle"),
    [
        ("messages/list_received", {"key": "10", "id": "50000"}),
        ("messages/list_given", {"account_id": "7", "id": "60000"}),
    ],
)
async def test_a_page_of_votes_costs_the_same_wherever_it_is(big, name, middle, mode):  # noqa: F811
    first = {"account_id": "7"} if "account_id" in middle else {}
    for label, parameters in (("first", first), ("middle", middle), ("back", middle | {"back": "true"})):
        plan = await check(big, name, mode, label, 40, **parameters)
        assert plan.rows == 51
        assert plan.most_rows <= 110
