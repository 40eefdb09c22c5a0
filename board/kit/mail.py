"""Mail over SMTP: messages into whose headers nothing can be smuggled, and a server that is not waited for for ever."""

import contextlib
import ipaddress
import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as AS_SENT
from email.policy import Policy
from email.utils import format_datetime, parseaddr
from textwrap import TextWrapper
from urllib.parse import parse_qs, unquote, urlsplit

import aiosmtplib

from board.kit.config import Config
from board.kit.errors import Problem, Unavailable

# For each word with the server; a whole mail takes a handful of them.
SECONDS = 15.0

# What browsers take in <input type="email"> (HTML Standard, "valid e-mail address"), and a dot in the domain.
_ADDRESS = re.compile(
    r"[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}"
    r"@(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?\.)+[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"
)
_WRAPPER = TextWrapper(72, break_long_words=False, break_on_hyphens=False)


class Refused(Problem):
    """The server will never take this mail: the address is not there, or the text displeases."""


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail to one person. `unsubscribe` is the address where a POST ends mails of this kind; security has none."""

    to: str
    subject: str
    text: str
    message_id: uuid.UUID
    written_at: datetime
    unsubscribe: str = ""


@dataclass(frozen=True, slots=True)
class Server:
    """Who takes our mail, and who we say we are."""

    host: str
    port: int
    username: str | None
    password: str | None
    tls: bool  # from the first byte
    start_tls: bool  # refused without
    sender: Address

    @classmethod
    def of(cls, config: Config) -> "Server":
        """What SMTP_URL and MAIL_FROM say. Without TLS only to this machine, or where `?tls=off` says so."""
        url = urlsplit(config.smtp_url)
        host, tls = url.hostname or "", url.scheme == "smtps"
        told = parse_qs(url.query).get("tls", [""])[0]
        clear = told == "off" or (told != "on" and _is_loopback(host))
        return cls(
            host=host,
            port=url.port or (465 if tls else 25 if clear else 587),
            username=unquote(url.username) if url.username else None,
            password=unquote(url.password or "") if url.username else None,
            tls=tls,
            start_tls=not tls and not clear,
            sender=sender(config),
        )


class _WholeLine(str):
    """A header that stays on one line: the library would fold a long address into encoded words, which lead nowhere."""

    def __new__(cls, name: str, value: str) -> "_WholeLine":
        if not (value.isascii() and value.isprintable()):
            raise ValueError("This can not stand in a header.")
        line = super().__new__(cls, value)
        line.name = name
        return line

    name: str

    def fold(self, policy: Policy) -> str:
        """As the library calls it."""
        return f"{self.name}: {self}{policy.linesep}"


def sender(config: Config) -> Address:
    """Whom our mail is from."""
    name, address = parseaddr(config.mail_from)
    host = urlsplit(config.address).hostname or "localhost"
    return Address(name or config.site_name, addr_spec=address or f"board@{host}")


def compose(letter: Letter, sender: Address) -> EmailMessage:
    """The message as it goes out. Raises ValueError for an address that is none."""
    message = EmailMessage(policy=AS_SENT)
    message["From"] = sender
    message["To"] = _reader(letter.to)
    message["Subject"] = " ".join(letter.subject.split())
    message["Date"] = format_datetime(letter.written_at.astimezone(UTC))
    message["Message-ID"] = f"<{letter.message_id}@{sender.domain}>"
    # No "I am on holiday" back (RFC 3834).
    message["Auto-Submitted"] = "auto-generated"
    if letter.unsubscribe:
        message["List-Unsubscribe"] = _WholeLine("List-Unsubscribe", f"<{letter.unsubscribe}>")
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    # Base64, which it would choose for many languages, looks to filters as if there were something to hide.
    message.set_content(flowed(letter.text), params={"format": "flowed"}, cte="quoted-printable")
    return message


def is_address(text: str) -> bool:
    """Whether mail can be addressed so; whether anybody is there, only a mail can tell."""
    return len(text) <= 254 and _ADDRESS.fullmatch(text) is not None


def flowed(text: str) -> str:
    """Lines of at most 72 characters that a narrow screen may join and break anew (RFC 3676); addresses stay whole."""
    lines = [line for each in text.splitlines() for line in _wrapped(each.rstrip())]
    return "\n".join(lines) + "\n"


async def deliver(server: Server, letter: Letter) -> None:
    """Hand a mail over. Raises Refused if it will never be taken, and Unavailable if it may be later.

    No sentence holds an address or a password; the server's own words, which may, are the cause's.
    """
    try:
        message = compose(letter, server.sender)
    except ValueError as error:
        raise Refused(str(error)) from None
    client = aiosmtplib.SMTP(
        hostname=server.host,
        port=server.port,
        username=server.username,
        password=server.password,
        use_tls=server.tls,
        start_tls=server.start_tls,
        timeout=SECONDS,
        # Else it asks the name service who we are, and waits for it.
        local_hostname=server.sender.domain,
    )
    with _told():
        # What goes wrong after the server has said that it has the mail, aiosmtplib leaves alone.
        async with client:
            await client.send_message(message, sender=server.sender.addr_spec, recipients=[letter.to])


@contextlib.contextmanager
def _told() -> Iterator[None]:
    """What may go wrong, as one of two problems: RFC 5321 says 5xx for ever, 4xx for now."""
    try:
        yield
    except aiosmtplib.SMTPRecipientsRefused as error:
        raise _answer(error.recipients[0].code, "the address") from error.recipients[0]
    except aiosmtplib.SMTPSenderRefused as error:
        raise _answer(error.code, "MAIL_FROM") from error
    except aiosmtplib.SMTPDataError as error:
        raise _answer(error.code, "the mail") from error
    except aiosmtplib.SMTPAuthenticationError as error:
        # Ours to mend, and then the mail is still worth sending.
        raise Unavailable(f"The mail server refused the name and password of SMTP_URL ({error.code}).") from error
    except aiosmtplib.SMTPResponseException as error:
        raise Unavailable(f"The mail server refused to begin ({error.code}).") from error
    except TimeoutError as error:
        raise Unavailable("The mail server does not answer in time.") from error
    except (aiosmtplib.SMTPException, OSError) as error:
        raise Unavailable("The mail server can not be reached, or not safely: look at SMTP_URL.") from error


def _reader(text: str) -> Address:
    if not is_address(text):
        raise ValueError("This is no address for mail.")
    local, _, domain = text.rpartition("@")
    return Address(username=local, domain=domain)


def _answer(code: int, what: str) -> Problem:
    if code >= 500:
        return Refused(f"The mail server refused {what} ({code}).")
    return Unavailable(f"The mail server can not take {what} now ({code}).")


def _wrapped(line: str) -> list[str]:
    parts = _WRAPPER.wrap(line) or [""]
    # A space at the end says that the next line belongs to it; one at the beginning is taken off again.
    stuffed = [f" {part}" if part.startswith((" ", ">", "From ")) else part for part in parts]
    return [f"{part} " for part in stuffed[:-1]] + stuffed[-1:]


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
