"""What can go wrong for a person, as exceptions: each has a status and a sentence that says what to do."""


class Problem(Exception):
    """Answered as a page, or as a fragment to htmx, with the sentence; `kept` is what was typed, to be given back."""

    status = 500

    def __init__(self, sentence: str, *, kept: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.kept = kept


class BadRequest(Problem):
    """The request makes no sense: a missing field, a broken body."""

    status = 400


class Forbidden(Problem):
    """This person may not do this."""

    status = 403


class NotFound(Problem):
    """There is no such thing, or not for this person."""

    status = 404


class Conflict(Problem):
    """The thing has changed meanwhile."""

    status = 409


class TooLarge(Problem):
    """More bytes than the limit."""

    status = 413


class Invalid(Problem):
    """What was sent can not be taken."""

    status = 422


class TooMany(Problem):
    """Too often; `seconds` tells when to try again."""

    status = 429

    def __init__(self, sentence: str, *, seconds: int, kept: str = "") -> None:
        super().__init__(sentence, kept=kept)
        self.seconds = seconds


class Unavailable(Problem):
    """A part that is needed does not answer now."""

    status = 503


class SignInNeeded(Problem):
    """Only for people who are signed in; a page that is only looked at sends them to sign in instead."""

    status = 403
