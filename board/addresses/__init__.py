"""E-mail addresses, new passwords, and the mails by which both are proved."""

from board.addresses import by_admin, change_password, changes, new_password, own
from board.addresses.asking import ask_to_verify
from board.kit.mailboxes import read

__all__ = ["ask_to_verify", "by_admin", "change_password", "changes", "new_password", "own", "read"]
