"""Joining: who comes in, by which door; the invitations, and those who ask to be let in."""

from board.joining import applications, invitations, tree
from board.joining.challenges import Challenges
from board.joining.keeping import forget_challenges, forget_guests
from board.joining.signing_up import sign_up, sign_up_form

__all__ = [
    "Challenges",
    "applications",
    "forget_challenges",
    "forget_guests",
    "invitations",
    "sign_up",
    "sign_up_form",
    "tree",
]
