"""What who joins has to solve while programs join too: a question of the admin's, or some work for the computer.

Nothing is stored until it is solved: the form carries all of it, signed, bound to that form, good for two hours, and
once. Without JavaScript a while of waiting takes the place of the work.
"""

import hashlib
import re
import secrets
import time
import unicodedata
import uuid
from dataclasses import dataclass
from typing import Any

from itsdangerous import BadData, URLSafeSerializer

from board.kit.config import Config, ConfigError
from board.kit.db import value
from board.kit.forms import Form

count_recent = value("joining/count_recent")
spend = value("joining/spend")

LIFETIME = 2 * 3600
# So many who joined within an hour are a surge, and each time twice as many make the work twice as hard.
SURGE, HIGHEST = 20, 4
# Bits of SHA-256 that have to be zero: 65,000 tries, under a second on a cheap phone, and 16 times that at most.
BITS, WAIT = 16, 15


@dataclass(frozen=True, slots=True)
class Challenge:
    """One challenge, in its form: a question, or else work of so many bits, or a wait of so many seconds instead."""

    token: str
    key: str
    question: str
    bits: int
    wait: int
    made_at: int


class Challenges:
    """Sets challenges and checks them."""

    def __init__(self, config: Config) -> None:
        keys = [*reversed(config.keys())]
        self._serializer = URLSafeSerializer(
            keys, salt="board.challenge", signer_kwargs={"key_derivation": "hmac", "digest_method": hashlib.sha256}
        )
        self._mode = config.challenge
        self._questions = questions(config.challenge_questions)
        if self._mode == "question" and not self._questions:
            raise ConfigError("CHALLENGE=question needs CHALLENGE_QUESTIONS, such as `What barks? a dog / dogs`")

    async def level(self, connection: Any) -> int | None:
        """How hard a challenge has to be now, from 0 on; None if there is none."""
        if self._mode == "off":
            return None
        recent = await count_recent(connection, most=SURGE << HIGHEST)
        if recent < SURGE:
            return None if self._mode == "auto" else 0
        return min((recent // SURGE).bit_length(), HIGHEST)

    def make(self, form_key: uuid.UUID, level: int) -> Challenge:
        """A new challenge for a form."""
        asks = self._mode == "question"
        content = {
            "key": secrets.token_hex(16),
            "form": str(form_key),
            "question": secrets.choice(list(self._questions)) if asks else "",
            "bits": BITS + level,
            "wait": WAIT << level,
            "at": int(time.time()),
        }
        return self._of(self._serializer.dumps(content), content)

    def read(self, token: str, form_key: uuid.UUID) -> Challenge | None:
        """The challenge that a form came with, if it is one of ours, that form's, and in time."""
        try:
            content = self._serializer.loads(token)
        except BadData:
            return None
        in_time = time.time() - content["at"] < LIFETIME
        known = not content["question"] or content["question"] in self._questions
        return self._of(token, content) if in_time and known and content["form"] == str(form_key) else None

    def check(self, challenge: Challenge, form: Form) -> None:
        """Whether the form solves it; if not, form.errors gets a sentence."""
        if challenge.question:
            if plain(form.raw("answer")) not in self._questions[challenge.question]:
                form.errors["answer"] = "This is not the answer. A word or two will do; capital letters do not matter."
        elif not _has_worked(challenge, form.raw("work")):
            left = challenge.wait - int(time.time() - challenge.made_at)
            if left > 0:
                form.errors["work"] = (
                    f"Many people are joining, so that it takes a little longer. Send the form again in {left} seconds."
                )

    @staticmethod
    def _of(token: str, content: dict[str, Any]) -> Challenge:
        return Challenge(
            token=token,
            key=content["key"],
            question=content["question"],
            bits=content["bits"],
            wait=content["wait"],
            made_at=content["at"],
        )


def questions(setting: str) -> dict[str, frozenset[str]]:
    """The questions of the setting with their plain answers. Raises ConfigError with a sentence."""
    found = {}
    for part in filter(str.strip, setting.split(";")):
        question, mark, answers = part.partition("?")
        plain_answers = frozenset(filter(None, map(plain, answers.split("/"))))
        if not question.strip() or not mark or not plain_answers:
            raise ConfigError(f"CHALLENGE_QUESTIONS: “{part.strip()}” must be like `What barks? a dog / dogs`")
        found[question.strip() + "?"] = plain_answers
    return found


def plain(answer: str) -> str:
    """An answer as it is compared: no case, no accents, no punctuation, no article before it."""
    letters = unicodedata.normalize("NFKD", answer.casefold())
    words = re.sub(r"[\W_]+", " ", "".join(each for each in letters if not unicodedata.combining(each))).strip()
    return re.sub(r"^(the|an?) (?=\w)", "", words)


def _has_worked(challenge: Challenge, solution: str) -> bool:
    """Whether SHA-256 of the key and the solution begins with enough zero bits."""
    if not re.fullmatch(r"[0-9]{1,15}", solution):
        return False
    digest = hashlib.sha256(f"{challenge.key}:{solution}".encode()).digest()
    return int.from_bytes(digest) >> (256 - challenge.bits) == 0
