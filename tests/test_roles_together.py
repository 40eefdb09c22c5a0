"""Two admins at once: one of them is first, and an admin stays."""

import asyncio

from tests.factories import row


async def test_of_two_admins_who_dismiss_each_other_one_stays(join, busy_app):
    for number in range(8):
        pair = [await join(f"ada-{number}-{which}", "admin", busy_app) for which in "ab"]
        await row(
            busy_app, "update accounts set role = 'member' where role = 'admin' and id < $1", pair[0].account["id"]
        )
        answers = await asyncio.gather(
            *(
                one.post(f"/admin/people/{other.account['id']}/role", data={"role": "member", "reason": ""})
                for one, other in (pair, pair[::-1])
            )
        )
        left = await row(busy_app, "select count(*) from accounts where role = 'admin'")
        assert left[0] == 1
        # The second is told so: by a conflict, or as somebody who is no admin any more.
        assert sorted(answer.status_code for answer in answers) in ([303, 403], [303, 409])


async def test_of_two_who_give_another_role_both_are_logged_in_order(join, busy_app):
    ada, adam, bob = [
        await join(name, role, busy_app) for name, role in (("ada", "admin"), ("adam", "admin"), ("bob", "member"))
    ]
    path = f"/admin/people/{bob.account['id']}/role"
    answers = await asyncio.gather(
        *(
            client.post(path, data={"role": role, "reason": ""})
            for client, role in ((ada, "moderator"), (adam, "admin"))
        )
    )
    assert [answer.status_code for answer in answers] == [303, 303]
    first, second = [
        (await row(busy_app, f"select details from deeds order by id {way} limit 1"))["details"]
        for way in ("asc", "desc")
    ]
    assert (first["old"], second["old"]) == ("member", first["new"])
