"""Reckons every counter and rank anew, from the rows and by formulas in Python, and names those that are wrong."""

from math import isclose, log10, sqrt
from typing import Any

_MESSAGES = """
select
    m.id, m.ups, m.downs, m.score, m.wilson,
    count(*) filter (where v.value = 1) + m.left_ups as true_ups,
    count(*) filter (where v.value = -1) + m.left_downs as true_downs
from messages m
left join votes v on v.message_id = m.id
where m.purged_at is null
group by m.id
order by m.id
"""

_THREADS = """
select
    t.*,
    extract(epoch from t.created_at)::double precision as epoch,
    count(*) as true_message_count,
    coalesce(sum(m.ups) filter (where m.id = t.opening_id), 0) as true_ups,
    coalesce(sum(m.downs) filter (where m.id = t.opening_id), 0) as true_downs,
    sum(m.ups) as true_all_ups,
    sum(m.downs) as true_all_downs,
    coalesce(sum(m.score + 1) filter (where m.author_id <> t.author_id or t.author_id < 0), 0) as true_others_points,
    max(m.created_at) as newest,
    (array_agg(m.created_at order by m.id desc))[1] as last
from threads t
join messages m on m.thread_id = t.id and m.deleted_at is null
group by t.id
order by t.id
"""


def hot(score: int, others_points: int, epoch: float) -> float:
    """Lobsters' hotness without tags, turned so that more is hotter; `score` begins at 1."""
    sign = (score > 0) - (score < 0)
    return sign * log10(max(abs(score + 1) + min(score, others_points / 2), 1)) + epoch / (22 * 3600)


def wilson(ups: int, downs: int, z: float = 1.281551565545) -> float:
    """Lower bound of the share of ups, as Wilson's interval is in textbooks: centre less half-width."""
    n = ups + downs
    if n == 0:
        return 0.0
    p = ups / n
    return max(0.0, (p + z * z / (2 * n) - z * sqrt((p * (1 - p) + z * z / (4 * n)) / n)) / (1 + z * z / n))


def controversy(ups: int, downs: int) -> float:
    """Reddit's: all votes, to the power of how even they are."""
    return (ups + downs) ** (min(ups, downs) / max(ups, downs)) if ups > 0 and downs > 0 else 0.0


async def find_wrong(connection: Any) -> list[str]:
    """A line for each number in messages and threads that is not what it should be."""
    wrong = []

    def check(what: str, row: Any, name: str, expected: float) -> None:
        if not isclose(row[name], expected, rel_tol=1e-12, abs_tol=1e-12):
            wrong.append(f"{what} {row['id']}: {name} is {row[name]}, not {expected}")

    for row in await connection.fetch(_MESSAGES):
        check("message", row, "ups", row["true_ups"])
        check("message", row, "downs", row["true_downs"])
        check("message", row, "score", row["true_ups"] - row["true_downs"])
        check("message", row, "wilson", wilson(row["true_ups"], row["true_downs"]))
    for row in await connection.fetch(_THREADS):
        for name in ("message_count", "ups", "downs", "all_ups", "all_downs", "others_points"):
            check("thread", row, name, row[f"true_{name}"])
        score = row["true_ups"] - row["true_downs"]
        check("thread", row, "score", score)
        check("thread", row, "all_score", row["true_all_ups"] - row["true_all_downs"])
        check("thread", row, "hot", hot(score + 1, row["true_others_points"], row["epoch"]))
        check("thread", row, "controversy", controversy(row["true_ups"], row["true_downs"]))
        # A message that waited for another's commit began before it, and so may bear an earlier time than that one.
        if not row["last"] <= row["last_activity_at"] <= row["newest"]:
            wrong.append(f"thread {row['id']}: last_activity_at is {row['last_activity_at']}, not {row['last']}")
    return wrong
