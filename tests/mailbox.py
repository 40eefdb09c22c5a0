"""A real SMTP server on loopback, whose mood a test may choose, and the mail that arrived there.

async def test_it_is_told_by_mail(mailbox, app, alice):
    ...
    letter = await mailbox.one(app)
    assert letter.to == "alice@example.org"
    await alice.open(letter.link("/verify/"))
"""

import dataclasses
import email.message
import email.policy
import re
import secrets
import socket
import ssl
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from starlette.applications import Starlette

from board import jobs, mail
from board.kit.worker import Site, Worker


@dataclasses.dataclass
class Arrived:
    """A mail as it came in."""

    to: str
    message: email.message.EmailMessage
    data: bytes
    secure: bool
    username: str

    @property
    def subject(self) -> str:
        return str(self.message["subject"])

    @property
    def text(self) -> str:
        """The words as a mail program shows them: what format=flowed broke is joined."""
        body = self.message.get_content().replace("\r\n", "\n")
        return "\n".join(line.removeprefix(" ") for line in body.replace(" \n", " ").splitlines())

    def link(self, path: str) -> str:
        """Path and query of the one link to the board that begins so, as the test client takes it."""
        found = [urlsplit(url) for url in re.findall(r"https?://\S+", self.text)]
        paths = [each.path + (f"?{each.query}" if each.query else "") for each in found]
        (one,) = {each for each in paths if each.startswith(path)}
        return one


class Mailbox:
    """The server. What is set here holds from the next connection on."""

    def __init__(self, tls: ssl.SSLContext | None = None, implicit: bool = False, password: str = "") -> None:
        self.arrived: list[Arrived] = []
        self.tries = 0  # mails that were begun
        self.answers: list[str] = []  # to the next recipients, instead of taking them: "550 No such user"
        self.data_answers: list[str] = []  # to the next texts
        self.meanwhile: Callable[[], Awaitable[Any]] | None = None  # done before it says that it has a mail
        self._tls, self._implicit, self._password = tls, implicit, password
        self._port, self._controller = free_port(), None
        self.start()

    @property
    def url(self) -> str:
        """For SMTP_URL."""
        secret = f"board:{quote(self._password, safe='')}@" if self._password else ""
        scheme, query = ("smtps", "") if self._implicit else ("smtp", "?tls=on" if self._tls else "")
        return f"{scheme}://{secret}127.0.0.1:{self._port}{query}"

    def start(self) -> None:
        """Be there, at the same address as before."""
        options: dict[str, Any] = {"enable_SMTPUTF8": True, "hostname": "127.0.0.1", "port": self._port}
        if self._tls and self._implicit:
            options |= {"ssl_context": self._tls}
        elif self._tls:
            options |= {"tls_context": self._tls, "require_starttls": True}
        if self._password:
            options |= {"auth_required": True, "authenticator": self._authenticate}
        self._controller = Controller(self, **options)
        self._controller.start()

    def stop(self) -> None:
        """Be away."""
        if self._controller:
            self._controller.stop()
            self._controller = None

    async def letters(self, app: Starlette) -> list[Arrived]:
        """Have the site's mail sent that is due, and take out what has arrived since the last time."""
        await send_due(site_of(app))
        taken, self.arrived = self.arrived, []
        return taken

    async def one(self, app: Starlette) -> Arrived:
        """Of mail that was sent and arrived now: there must be one."""
        (letter,) = await self.letters(app)
        return letter

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, _: list[str]) -> str:  # noqa: N802
        """As aiosmtpd calls it."""
        self.tries += 1
        if self.answers and not (answer := self.answers.pop(0)).startswith("2"):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        """As aiosmtpd calls it."""
        if self.data_answers and not (answer := self.data_answers.pop(0)).startswith("2"):
            return answer
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        assert isinstance(message, email.message.EmailMessage)
        secure, login = session.ssl is not None or self._implicit, session.auth_data
        username = login.login.decode() if isinstance(login, LoginPassword) else ""
        self.arrived += [Arrived(to, message, envelope.content, secure, username) for to in envelope.rcpt_tos]
        if self.meanwhile:
            await self.meanwhile()
        return "250 OK"

    def _authenticate(self, server: Any, session: Any, envelope: Any, mechanism: str, login: Any) -> AuthResult:
        right = isinstance(login, LoginPassword) and login.password == self._password.encode()
        return AuthResult(success=right, handled=right, auth_data=login)


def site_of(app: Starlette) -> Site:
    """What jobs work on."""
    return Site(app.state.config, app.state.database, app.state.storage)


async def send_due(site: Site) -> list[Any]:
    """Do the jobs that send mail and are due; return what they raised, None for those that went well."""
    worker = Worker(site, {mail.SEND: jobs.KINDS[mail.SEND]}, [])
    return [result async for _, result in worker.drain()]


def certify(folder: Path) -> tuple[ssl.SSLContext, Path]:
    """A certificate of 127.0.0.1, for a server, and the file of who vouches for it: itself."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    cert, secret = folder / "cert.pem", folder / "key.pem"
    cert.write_bytes(made.public_bytes(Encoding.PEM))
    secret.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(cert, secret)
    return context, cert


def free_port() -> int:
    """Below those that the system gives out by itself."""
    while True:
        port = 20_000 + secrets.randbelow(12_000)
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)):
                return port


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    """A mail server; the test's site sends to it."""
    box = Mailbox()
    yield box
    box.stop()
