"""Everything that the board holds about one person, kind by kind: what an export is made of, and what explains it.

A table that refers to accounts is named here, in `tables`, or in NOT_EXPORTED with the reason.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from board.kit.db import Query, many


@dataclass(frozen=True, slots=True)
class Kind:
    """Rows of one kind: files `json/NAME-1.json` and so on, each a list of objects with these fields.

    With `after`, the query is asked for the rows after the one with these columns, so many at a time: `after_id` and so
    on are its parameters. Others give a handful.
    """

    name: str
    meaning: str
    tables: str
    query: Query
    fields: dict[str, str]
    after: dict[str, Any] = field(default_factory=dict)


MESSAGES = Kind(
    "messages",
    "What you wrote and did not delete, a file for each page of this copy.",
    "messages message_pictures pictures",
    many("leaving/list_messages"),
    {
        "id": "its number, as in its address /messages/…",
        "thread_id": "the thread it stands in",
        "thread_title": "and its title",
        "opening": "whether it opens the thread",
        "board": "the board of the thread",
        "answers": "the message it answers",
        "answers_author": "and who wrote that",
        "text": "as you typed it",
        "html": "as it is shown",
        "created_at": "when you wrote it",
        "edited_at": "when you last changed it",
        "revision": "how often you changed it",
        "ups": "votes up",
        "downs": "votes down",
        "pictures": "its pictures: key (the file is pictures/KEY.webp), width and height as sent, the widths stored, "
        "whether it moves, your description, whether it is covered",
    },
    {"created_at": datetime.min.replace(tzinfo=UTC), "id": 0},
)
REVISIONS = Kind(
    "revisions",
    "What your messages said before you changed them.",
    "revisions",
    many("leaving/list_revisions"),
    {
        "message_id": "the message",
        "revision": "how often it had been changed by then",
        "html": "what it said",
        "written_at": "since when",
    },
    {"message_id": 0, "revision": 0},
)
THREADS = Kind(
    "threads",
    "The threads that you started.",
    "threads",
    many("leaving/list_threads"),
    {
        "id": "its number, as in its address /threads/…",
        "title": "its title",
        "board": "the board it stands in",
        "opening": "your message that opens it",
        "created_at": "when you started it",
        "messages": "how many messages it has",
        "ups": "votes up on its opening",
        "downs": "votes down on its opening",
        "locked_at": "since when nobody can answer",
    },
    {"id": 0},
)
OTHERS = (
    Kind(
        "account",
        "Your account by itself.",
        "accounts",
        many("leaving/get_account"),
        {
            "id": "its number",
            "name": "your name",
            "role": "your role",
            "created_at": "when you joined",
            "about": "what you tell about yourself",
            "avatar": "your picture: the file is pictures/KEY.webp",
            "shows": "who sees what of you",
            "invited": "whether somebody invited you",
            "suspended_until": "until when you may not write",
            "suspended_reason": "and why",
            "settings": "how pages look for you",
            "answer_mail": "whether you have mail about answers",
        },
    ),
    Kind(
        "names",
        "The names that you had before.",
        "former_names",
        many("leaving/list_names"),
        {"name": "the name", "given_up_at": "when you took another"},
    ),
    Kind(
        "deeds",
        "What those who look after the board did about you.",
        "deeds",
        many("leaving/list_deeds"),
        {"action": "what they did", "details": "and more about it", "reason": "why", "done_at": "when"},
    ),
    Kind(
        "addresses",
        "Your e-mail address.",
        "addresses",
        many("leaving/list_addresses"),
        {"address": "the address", "verified": "whether you have confirmed it", "since": "since when it is known"},
    ),
    Kind(
        "passkeys",
        "Your passkeys, without what one signs in with.",
        "passkeys",
        many("leaving/list_passkeys"),
        {
            "id": "its number",
            "name": "what you call it",
            "created_at": "when you made it",
            "used_at": "when you used it",
        },
    ),
    Kind(
        "second-step",
        "Whether signing in asks for a code too, without its secret.",
        "authenticators",
        many("leaving/list_second_steps"),
        {"created_at": "when you began to set it up", "enabled_at": "since when it is asked for"},
    ),
    Kind(
        "sessions",
        "Where you are signed in.",
        "sessions",
        many("leaving/list_sessions"),
        {
            "device": "on what kind of device",
            "network": "the beginning of its network address",
            "remembered": "whether it outlives the browser",
            "created_at": "when you signed in",
            "touched_at": "when it was last prolonged",
            "expires_at": "when it ends",
        },
    ),
    Kind(
        "subscriptions",
        "The browsers in which you are told of answers.",
        "push_subscriptions",
        many("leaving/list_subscriptions"),
        {"service": "who brings it there", "created_at": "since when"},
    ),
    Kind(
        "boards",
        "Boards that you moderate.",
        "board_moderators",
        many("leaving/list_roles"),
        {"board": "the board", "appointed_at": "since when"},
    ),
    Kind(
        "invitations",
        "The invitations that you made.",
        "invitations",
        many("leaving/list_invitations"),
        {
            "id": "its number",
            "note": "what you noted",
            "created_at": "when you made it",
            "expires_at": "when it ends",
            "revoked_at": "when you took it back",
            "used_at": "when it was used",
        },
    ),
    Kind(
        "application",
        "What you answered to be let in.",
        "applications",
        many("leaving/list_applications"),
        {
            "answer": "your answer",
            "created_at": "when",
            "decided_at": "when it was decided",
            "accepted": "whether you were let in",
            "sentence": "what you were told",
        },
    ),
    Kind(
        "events",
        "What happened to your account.",
        "account_events",
        many("leaving/list_events"),
        {
            "id": "its number",
            "kind": "what happened",
            "details": "and more about it",
            "device": "on what kind of device",
            "network": "the beginning of its network address",
            "created_at": "when",
        },
        {"id": 0},
    ),
    Kind(
        "mails",
        "Mail to you of the last days, without the text, which holds links that open your account.",
        "mails",
        many("leaving/list_mails"),
        {
            "id": "its number",
            "recipient": "the address it went to",
            "subject": "its subject",
            "created_at": "when it was written",
            "state": "whether it was sent",
            "ended_at": "when it was sent",
        },
        {"id": 0},
    ),
    Kind(
        "votes",
        "The votes that you gave.",
        "votes",
        many("leaving/list_votes"),
        {"message_id": "the message", "value": "1 for up, -1 for down", "cast_at": "when"},
        {"message_id": 0},
    ),
    Kind(
        "exports",
        "The copies of this kind that you asked for.",
        "exports",
        many("leaving/list_exports"),
        {"id": "its number", "asked_at": "when you asked", "finished_at": "when it was there", "bytes": "its size"},
    ),
    Kind(
        "departure",
        "Whether your account is to be deleted.",
        "departures",
        many("leaving/list_departures"),
        {"asked_at": "when you asked", "due_at": "when it goes", "keeps_messages": "whether your messages stay"},
    ),
)
KINDS = (MESSAGES, REVISIONS, THREADS, *OTHERS)

# Tables that refer to accounts and are not in an export, and why.
NOT_EXPORTED = {
    "backup_codes": "secrets, of which the board knows hashes only",
    "passkey_owners": "a random name that means nothing without a passkey",
    "answers_to_mail": "answers of others, until a mail about them is written",
    "half_sign_ins": "the ten minutes between password and second step",
    "statistics_people": "figures that are reckoned from what is in the export",
    "links": "what opens the account from a mail: secrets, each for half an hour",
}


@dataclass(slots=True)
class Counts:
    """How many rows of each kind there were, and in which files."""

    rows: dict[str, int] = field(default_factory=dict)
    files: dict[str, list[str]] = field(default_factory=dict)

    def add(self, kind: Kind, name: str, rows: int) -> None:
        """Note a file."""
        self.rows[kind.name] = self.rows.get(kind.name, 0) + rows
        self.files.setdefault(kind.name, []).append(name)
