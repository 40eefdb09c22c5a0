"""Push messages: a browser tells that somebody answered, also while no page of the board is open.

A browser belongs to its session: who signs out there is not told there any more.
"""

from board.push.keys import Keys, prepare
from board.push.page import show, subscribe, unsubscribe
from board.push.sending import KIND, PUSH, tell

__all__ = ["KIND", "PUSH", "Keys", "prepare", "show", "subscribe", "tell", "unsubscribe"]
