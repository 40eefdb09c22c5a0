"""What the text of a setting means, and whether it can be used."""

from email.errors import HeaderParseError
from email.headerregistry import Address
from email.utils import parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit


class ConfigError(Exception):
    """A setting can not be used; the sentence says which, and what to do."""


def is_origin(text: str) -> bool:
    """Whether it is like https://board.example."""
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return False
    bare = not (parts.path.strip("/") or parts.query or parts.fragment or "@" in parts.netloc or port == 0)
    return bare and parts.scheme in ("http", "https") and bool(parts.hostname) and text.isascii()


def is_smtp(text: str) -> bool:
    """Whether it is the address of a mail server."""
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return False
    bare = parts.path in ("", "/") and parts.query in ("", "tls=on", "tls=off") and not parts.fragment and port != 0
    return bare and parts.scheme in ("smtp", "smtps") and bool(parts.hostname)


def is_sender(text: str) -> bool:
    """Whether mail can be from it."""
    name, address = parseaddr(text)
    try:
        Address(name, addr_spec=address)
    except (ValueError, IndexError, HeaderParseError):
        return False
    return "@" in address and text.isprintable()


def parse(name: str, text: str, kind: type) -> Any:
    """The value of a setting as its kind. Raises ConfigError with a sentence."""
    if kind is bool:
        if text.lower() not in ("0", "1", "false", "true", "no", "yes", "off", "on"):
            raise ConfigError(f"{name}={text} must be 1 or 0")
        return text.lower() in ("1", "true", "yes", "on")
    if kind in (int, float):
        try:
            number = kind(text)
        except ValueError:
            raise ConfigError(f"{name}={text} must be a number") from None
        if not 0 <= number < 2**63:
            raise ConfigError(f"{name}={text} must be 0 to {2**63 - 1}")
        return number
    return Path(text) if issubclass(kind, Path) else text
