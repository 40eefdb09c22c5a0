"""People: the page of who somebody is and what they did, what they show of it to whom, and the names they had."""

from board.people import account, naming, page, pattern, profile

__all__ = ["account", "naming", "page", "pattern", "profile"]
