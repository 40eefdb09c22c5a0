"""Votes: a member finds a message good or bad, once; voting again changes it, 0 takes it back.

Votes that come while others are being committed wait and go together: one statement for all of them (group commit).
There is no timer; the commit that runs is the window. A vote is answered after its COMMIT, never before.
"""

import asyncio
from collections.abc import Callable
from typing import Any

import asyncpg
from starlette.requests import Request
from starlette.responses import Response

from board.kit import forms
from board.kit.db import Database, many, one
from board.kit.errors import Conflict, NotFound, SignInNeeded
from board.kit.sessions import signed_in
from board.kit.templates import page, see_other, wants_fragment
from board.permissions import insist, limit

set_votes = many("votes/cast")
_get_message = one("messages/get")

VALUES = {"1": 1, "0": 0, "-1": -1}


class Ballots:
    """The votes of this process that wait for their commit."""

    def __init__(self, database: Database, on_batch: Callable[[int], None] = lambda _: None) -> None:
        self._database = database
        self._on_batch = on_batch  # told of how many votes go together
        self._waiting: dict[tuple[int, int], tuple[int, asyncio.Future[Any]]] = {}
        self._committing: asyncio.Task[None] | None = None

    async def cast(self, message_id: int, account_id: int, value: int) -> Any:
        """Set a vote; return its row (my_vote, ups, downs, score) after COMMIT, or None if it is not allowed."""
        earlier = self._waiting.get((message_id, account_id))
        # Of two votes of one person in one batch the last counts, and both get its answer.
        result = earlier[1] if earlier else asyncio.get_running_loop().create_future()
        self._waiting[message_id, account_id] = (value, result)
        if self._committing is None:
            self._committing = asyncio.create_task(self._commit_all())
        return await asyncio.shield(result)

    async def close(self) -> None:
        """Wait until every vote is committed."""
        if self._committing:
            await self._committing

    async def _commit_all(self) -> None:
        try:
            while self._waiting:
                batch, self._waiting = self._waiting, {}
                self._on_batch(len(batch))
                await self._commit(batch)
        finally:
            self._committing = None

    async def _commit(self, batch: dict[tuple[int, int], tuple[int, asyncio.Future[Any]]]) -> None:
        keys = sorted(batch)
        try:
            async with self._database.connection() as connection:
                rows = await set_votes(
                    connection,
                    message_ids=[message_id for message_id, _ in keys],
                    account_ids=[account_id for _, account_id in keys],
                    values=[batch[key][0] for key in keys],
                )
        except Exception as error:
            if len(batch) > 1 and isinstance(error, asyncpg.IntegrityConstraintViolationError):
                # One bad vote, of an account that is gone say, must not take the others with it.
                for key in keys:
                    await self._commit({key: batch[key]})
                return
            if isinstance(error, asyncpg.ForeignKeyViolationError):
                error = SignInNeeded("This account is gone: its vote does not count.")
            for _, result in batch.values():
                if not result.done():
                    result.set_exception(error)
            return
        found = {(row["message_id"], row["account_id"]): row for row in rows}
        for key, (_, result) in batch.items():
            if not result.done():
                result.set_result(found.get(key))


@signed_in
async def cast(request: Request) -> Response:
    """POST /messages/{id}/vote with value=1|0|-1"""
    viewer, message_id = request.state.viewer, request.path_params["id"]
    insist(viewer, "vote")
    request.app.state.limits.take("vote", viewer["id"], most=limit(viewer, "votes"))
    async with forms.read(request) as form:
        value = VALUES[form.choice("value", tuple(VALUES))]
    vote = await request.app.state.ballots.cast(message_id, viewer["id"], value)
    if vote is None:
        await _refuse(request, message_id)
    if wants_fragment(request):
        return page(request, "votes/_vote.html", votes=[vote])
    return see_other(request, f"/messages/{message_id}")


async def _refuse(request: Request, message_id: int) -> None:
    """Say why a vote did not count."""
    async with request.app.state.database.connection() as connection:
        message = await _get_message(connection, message_id=message_id, viewer_id=0)
    if message is None or message["deleted_at"] or message["thread_deleted"]:
        raise NotFound("There is no such message, or it was deleted.")
    insist(request.state.viewer, "vote", owner=message["author_id"])
    raise Conflict("This thread is locked: its votes stay as they are.")
