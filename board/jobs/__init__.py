"""Work beside the pages: what was deleted is really removed, what nobody uses is swept, in one process at a time.

Periodic work is a row of JOBS. What a feature leaves behind for later (board/kit/queue.py) is a kind in KINDS.
"""

from collections.abc import Callable, Coroutine
from typing import Any

from board import (
    addresses,
    answers,
    factors,
    images,
    joining,
    mail,
    messages,
    notices,
    push,
    roles,
    signin,
    statistics,
    threads,
    traffic,
)
from board.backups import make as backups
from board.kit import links, quotas
from board.kit.seals import Seals
from board.kit.worker import Kind, Periodic, Worker
from board.kit.worker import Site as Site  # for those who write work
from board.leaving import exports
from board.leaving.removal import remove_departed
from board.leaving.tidying import tidy_leaving
from board.mail.sending import KIND as SENDING
from board.mail.sending import prune_mails

_BATCH = 500

Job = Callable[[Site], Coroutine[Any, Any, int]]


async def remove_deleted(site: Site) -> int:
    """After the time to undo: texts and votes of deleted messages and threads, and which pictures they had."""
    removed, minutes = 0, site.config.undo_minutes
    while True:
        async with site.database.transaction() as connection:
            purged = await messages.purge(connection, minutes=minutes, batch=_BATCH)
        removed += purged
        if purged < _BATCH:
            break
    async with site.database.transaction() as connection:
        removed += len(await threads.purge(connection, minutes=minutes))
    return removed


async def check_picture(site: Site, payload: dict[str, Any]) -> int:
    """A picture that a message, or the form that brought it, has no more."""
    return await images.check(site.database, site.storage, payload["key"])


async def sweep_pictures(site: Site) -> int:
    """Pictures that nobody uses, and that no job is about."""
    return await images.sweep(site.database)


async def forget_sessions(site: Site) -> int:
    """Sessions that are over, and what else signing in left behind."""
    async with site.database.connection() as connection:
        return await signin.forget_sign_ins(connection)


async def forget_links(site: Site) -> int:
    """Links of mails that are over."""
    async with site.database.connection() as connection:
        return await links.forget_expired(connection)


async def mail_new_password(site: Site, payload: dict[str, Any]) -> int:
    """A link to a new password, for who asked."""
    return await addresses.new_password.mail_link(site, payload["forgotten"])


async def forget_asked(site: Site) -> int:
    """How often people asked for something, and who asked for a new password when nobody answered."""
    async with site.database.connection() as connection:
        return await quotas.forget_rested(connection) + await addresses.new_password.forget_forgotten(connection)


async def forget_events(site: Site) -> int:
    """What happened to accounts long ago."""
    async with site.database.connection() as connection:
        return await notices.forget_old(connection, site.config.event_days)


async def forget_challenges(site: Site) -> int:
    """Challenges that were solved, once their time is over."""
    return await joining.forget_challenges(site.database)


async def forget_guests(site: Site) -> int:
    """Accounts of those who were refused, or never verified the address that they had to."""
    return await joining.forget_guests(site.database)


async def settle_roles(site: Site) -> int:
    """Who is new no more, who earned trust, who lost it."""
    return await roles.settle(site)


async def forget_factors(site: Site) -> int:
    """Challenges to passkeys that are over, and what was begun to be set up."""
    async with site.database.connection() as connection:
        return await factors.forget(connection)


async def close_traffic_days(site: Site) -> int:
    """Days that are over: how many visitors they had stays, what tells visitors apart goes."""
    return await traffic.close_days(site.database)


async def prune_traffic(site: Site) -> int:
    """Hours and days that no page of figures shows any more."""
    return await traffic.prune(site.database)


async def count_weeks(site: Site) -> int:
    """Weeks of the board's statistics that may have changed."""
    return await statistics.count_weeks(site.database)


async def count_person(site: Site, payload: dict[str, Any]) -> None:
    """The statistics of somebody who wrote very much."""
    await statistics.count_person(site.database, payload["account"])


async def renew_seals(site: Site) -> int:
    """What is encrypted goes under the newest of SECRET_KEYS, so that the old one can go; what needs a key gets one."""
    seals = Seals(site.config)
    return await factors.reseal(site.database, seals) + await push.prepare(site.database, seals)


async def back_up(site: Site) -> int:
    """A backup each BACKUP_HOURS, if the server is to make them."""
    return await backups.make_if_due(site.config)


# What, every how many seconds, and after how many it is given up, if not 600.
JOBS: tuple[tuple[Job, float] | tuple[Job, float, float], ...] = (
    (remove_deleted, 30),
    (sweep_pictures, 86_400),
    (forget_sessions, 3600),
    (forget_links, 3600),
    (forget_asked, 3600),
    (forget_events, 86_400),
    (forget_challenges, 3600),
    (forget_guests, 3600),
    (settle_roles, 900),
    (forget_factors, 600),
    (close_traffic_days, 600),
    (prune_traffic, 3600),
    (count_weeks, 3600),
    (renew_seals, 3600),
    (prune_mails, 3600),
    (remove_departed, 60),
    (tidy_leaving, 3600),
    (back_up, 300, 6 * 3600),
)

# What a job of the queue does: with the site, and with the ids that were left for it.
KINDS = {
    addresses.new_password.MAIL_LINK: Kind(mail_new_password),
    # A store may be away for hours. One at a time: it holds a connection while the files go.
    images.CHECK: Kind(check_picture, attempts=24, concurrency=1),
    statistics.COUNT: Kind(count_person, attempts=3, concurrency=1),
    mail.SEND: SENDING,
    # 5,000 pictures in a bucket take a while.
    exports.MAKE: Kind(exports.make, timeout=3 * 3600, attempts=6, concurrency=1),
    answers.MAIL: answers.KIND,
    push.PUSH: push.KIND,
}


def worker(site: Site) -> Worker:
    """Who does all of this in a process."""
    return Worker(site, KINDS, [Periodic(*row) for row in JOBS])


async def run_once(site: Site, job: Job) -> int:
    """Do one of JOBS now, due or not, unless another process is at it; return how much it did."""
    return await worker(site).do_now(job.__name__) or 0
