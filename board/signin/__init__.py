"""Signing in and out: the ways in, what slows down who guesses, and the list of where one is signed in."""

from board.signin import devices, half_way, trust
from board.signin.entering import confirmed, finish
from board.signin.listing import end_session, end_sessions, list_sessions
from board.signin.pages import sign_in, sign_in_form, sign_out, start_over
from board.signin.sweeping import forget_sign_ins
from board.signin.throttle import Throttle

__all__ = [
    "Throttle",
    "confirmed",
    "devices",
    "end_session",
    "end_sessions",
    "finish",
    "forget_sign_ins",
    "half_way",
    "list_sessions",
    "sign_in",
    "sign_in_form",
    "sign_out",
    "start_over",
    "trust",
]
