"""The settings: one frozen value, read once from the environment, each with a default that works."""

import contextlib
import dataclasses
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from board.kit.environment import ConfigError, is_origin, is_sender, is_smtp, parse
from board.kit.peers import Insiders

__all__ = ["Config", "ConfigError", "kept_secret"]


def _setting(default: Any, meaning: str) -> Any:
    return field(default=default, metadata={"meaning": meaning})


def _choice(default: str, choices: str, meaning: str) -> Any:
    return field(default=default, metadata={"meaning": meaning, "choices": choices.split()})


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """Every setting; the environment variable has the field's name in capitals."""

    host: str = _setting("127.0.0.1", "address to listen on")
    port: int = _setting(8000, "port to listen on")
    keep_alive_seconds: float = _setting(
        15.0, "seconds a connection may rest between two requests; let the proxy before it close its own sooner"
    )
    drain_seconds: float = _setting(
        0.0, "seconds to answer on after SIGTERM, each answer its connection's last, while a balancer looks elsewhere"
    )
    public_origin: str = _setting(
        "",
        "how people reach it, e.g. `https://board.example`; empty: whatever host they asked for, and links in"
        " mails lead to this machine alone",
    )
    site_name: str = _setting("Board", "the name in the header")
    release: str = _setting("", "what was deployed, in the deploy's own words; `/health/live` tells it")
    data_dir: Path = _setting(Path("data"), "folder of the embedded database, the pictures and the keys")
    database_url: str = _setting(
        "", "`postgresql://...` of a PostgreSQL 18 or newer; empty: `board run` starts its own"
    )
    database_pool: int = _setting(10, "most database connections")
    database_wait: int = _setting(60, "seconds to wait at the start for a database that does not answer yet")
    database_pooler: bool = _setting(
        False, "whether `DATABASE_URL` leads to a pooler in transaction mode, such as PgBouncer"
    )
    read_database_url: str = _setting(
        "", "a streaming replica, direct or through a pooler, that strangers' pages are read from; empty: none"
    )
    read_lag_seconds: float = _setting(5.0, "seconds that replica may be behind, 2 or more; past it, it is not read")
    storage_url: str = _setting(
        "", "where pictures go: `file://`, `s3://`, `gs://`, `az://`; empty: `DATA_DIR/pictures`"
    )
    secret_keys: str = _setting(
        "",
        "keys that sign cookies and seal secrets of second steps, newest first, comma between; empty: one is made in "
        "`DATA_DIR`",
    )
    trusted_proxies: str = _setting("127.0.0.1", "addresses whose `X-Forwarded-*` headers are believed")
    admin_name: str = _setting("", "name of the first admin, made by `board migrate` on a board that has none")
    admin_password: str = _setting(
        "", "and the password, 12 to 128 characters; one that there is keeps the password that they have"
    )
    demo: bool = _setting(True, "whether `board run` fills an empty board with a demo")
    smtp_url: str = _setting(
        "",
        "takes mail, `smtp://user:password@host:587` or `smtps://`, both with TLS; empty: admins read it on `/mail`",
    )
    mail_from: str = _setting(
        "", "whom mail is from, e.g. `Board <board@board.example>`; empty: `board@` the host of `PUBLIC_ORIGIN`"
    )
    push_hosts: str = _setting(
        "fcm.googleapis.com,*.push.services.mozilla.com,*.push.apple.com,*.notify.windows.com",
        "push services that a browser may name, comma between; empty: no push messages",
    )
    sign_up: str = _choice(
        "open",
        "open invitation approval closed",
        "who may join: `open` to all, by `invitation`, by `approval` of a moderator, or `closed`",
    )
    sign_up_question: str = _setting("Why would you like to join?", "what those who ask for approval answer")
    invitations: int = _setting(
        50, "people that anybody may invite in four weeks; by their role most may fewer, see `/help/rights`"
    )
    email: str = _choice(
        "optional",
        "off optional required",
        "an e-mail address is not asked for (`off`), may be given (`optional`), or has to be verified before one writes"
        " (`required`)",
    )
    reserved_names: str = _setting("", "names that nobody may take, besides the usual ones, comma between")
    challenge: str = _choice(
        "auto",
        "auto off question work",
        "what who joins has to solve: a `question`, some `work` of the computer, nothing (`off`), or work when many"
        " join within an hour (`auto`)",
    )
    challenge_questions: str = _setting(
        "", "questions with their answers, as `What barks? a dog / dogs; What is 3 + 4? 7 / seven`"
    )
    session_days: int = _setting(
        30, "days until a person who stays away is signed out, if they wanted to stay signed in"
    )
    event_days: int = _setting(
        180, "days that people can look back at what happened to their account: sign-ins, new passwords and the like"
    )
    threads_per_page: int = _setting(25, "threads on a page, 1 to 100")
    messages_per_page: int = _setting(50, "messages on a page, 1 to 100")
    undo_minutes: int = _setting(10, "minutes in which a deletion can be undone")
    max_text: int = _setting(20_000, "characters in a message")
    max_pictures: int = _setting(8, "pictures in a message")
    max_picture_bytes: int = _setting(20_000_000, "bytes of a picture as sent")
    max_picture_pixels: int = _setting(65_000_000, "pixels of a picture as sent; phones with 64 megapixels have 64.1")
    picture_seconds: int = _setting(20, "seconds a picture may take to read")
    picture_memory: int = _setting(
        1_342_177_280, "bytes of memory that reading a picture may take; WebP needs 16 a pixel"
    )
    picture_processes: int = _setting(2, "pictures read at the same time")
    password_threads: int = _setting(2, "passwords checked at the same time, 19 MiB each")
    jobs: bool = _setting(True, "do the work beside the pages in the server too; `0` where `board jobs run` does it")
    page_cache_seconds: float = _setting(1.0, "seconds a stranger's page may be old; 0: never")
    page_cache_bytes: int = _setting(16_777_216, "most bytes of pages kept for strangers")
    log_format: str = _choice("text", "text json", "how log lines look: `text`, or `json` with an object a line")
    slow_query_ms: int = _setting(500, "milliseconds from which a statement is logged as slow")
    metrics_networks: str = _setting(
        "127.0.0.0/8,::1", "addresses and networks that may read `/metrics` and `/health`, comma between, or `none`"
    )
    metrics_token: str = _setting(
        "", "what others send as `Authorization: Bearer ...` to read them; two with a comma while it is changed"
    )
    otlp_endpoint: str = _setting(
        "", "`http(s)://...` of an OpenTelemetry collector; empty: no traces; needs `pip install board[traces]`"
    )
    trace_share: float = _setting(1.0, "share of the requests that are traced, 0 to 1")
    rate_limits: bool = _setting(True, "hold back who guesses passwords, posts or votes too often")
    traffic_seconds: float = _setting(5.0, "seconds between two times that what was counted is stored; 0: nothing is")
    traffic_public: bool = _setting(False, "whether everybody may see how many visitors and page views there are")
    backup_url: str = _setting(
        "", "where backups go, as `STORAGE_URL`: another disk at least; empty: `DATA_DIR/backups`"
    )
    backup_key: str = _setting(
        "", "who can read the backups: `age1...`, or its secret key, which reads too; empty: everybody"
    )
    backup_keep: str = _setting("7d 4w 6m", "backups kept: the newest of so many days, weeks and months")
    backup_hours: int = _setting(0, "hours between backups that the server makes; 0: it makes none")

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "Config":
        """Read the settings; raise ConfigError for a value of the wrong type."""
        given = {}
        for setting in dataclasses.fields(cls):
            name = setting.name.upper()
            if environment.get(name, "") != "":
                given[setting.name] = parse(name, environment[name], type(setting.default))
        return cls(**given).checked()

    def checked(self) -> "Config":
        """Return the settings if they can work together; raise ConfigError if not."""
        if self.public_origin and not is_origin(self.public_origin):
            raise ConfigError(f"PUBLIC_ORIGIN={self.public_origin} is no origin: write it as https://board.example")
        for name in ("database_url", "read_database_url"):
            if (url := getattr(self, name)) and not url.startswith(("postgresql://", "postgres://")):
                raise ConfigError(f"{name.upper()} must begin with postgresql://")
        if self.otlp_endpoint and not self.otlp_endpoint.startswith(("http://", "https://")):
            raise ConfigError("OTLP_ENDPOINT must begin with http:// or https://")
        if not re.fullmatch(r"\s*(\d{1,4}[dwm]\s*)+", self.backup_keep):
            raise ConfigError(f"BACKUP_KEEP={self.backup_keep} must be like 7d 4w 6m: days, weeks and months")
        for key in self.secret_keys.split(",") if self.secret_keys else ():
            if len(key.strip()) < 32:
                raise ConfigError("Each key in SECRET_KEYS needs 32 characters or more: try `openssl rand -hex 32`")
        if any(len(token.strip()) < 16 for token in self.metrics_token.split(",") if self.metrics_token):
            raise ConfigError("Each token in METRICS_TOKEN needs 16 characters or more: try `openssl rand -hex 16`")
        try:
            Insiders(self.metrics_networks, self.metrics_token)
        except ValueError as error:
            raise ConfigError(f"METRICS_NETWORKS: {error}") from None
        self._check_choices()
        for name, least, most in (
            ("port", 0, 65_535),
            ("session_days", 1, 3_650),
            ("event_days", 1, 3_650),
            ("threads_per_page", 1, 100),
            ("messages_per_page", 1, 100),
            ("trace_share", 0, 1),
            ("read_lag_seconds", 2, 3_600),
        ):
            if not least <= getattr(self, name) <= most:
                raise ConfigError(f"{name.upper()}={getattr(self, name)} must be {least} to {most}")
        self._check_mail()
        return self

    def _check_mail(self) -> None:
        # The address may hold a password: no sentence repeats it.
        if self.smtp_url and not is_smtp(self.smtp_url):
            raise ConfigError("SMTP_URL must be like smtp://user:password@mail.example:587, or begin with smtps://")
        if self.smtp_url and not self.public_origin:
            raise ConfigError("SMTP_URL needs PUBLIC_ORIGIN: mails hold links to the board")
        if self.mail_from and not is_sender(self.mail_from):
            raise ConfigError(f"MAIL_FROM={self.mail_from} must be like Board <board@board.example>")

    def _check_choices(self) -> None:
        for setting in dataclasses.fields(self):
            choices = setting.metadata.get("choices")
            if choices and getattr(self, setting.name) not in choices:
                listed = f"{', '.join(choices[:-1])} or {choices[-1]}"
                raise ConfigError(f"{setting.name.upper()}={getattr(self, setting.name)} must be {listed}")

    @property
    def origin(self) -> str:
        """The configured public origin as browsers write it in their Origin header, or the empty string."""
        parts = urlsplit(self.public_origin)
        usual = {"http": ":80", "https": ":443"}.get(parts.scheme, "")
        return f"{parts.scheme}://{parts.netloc.lower().removesuffix(usual)}" if parts.netloc else ""

    @property
    def secure(self) -> bool:
        """Whether people come over https, so that cookies may insist on it."""
        return self.origin.startswith("https://")

    @property
    def address(self) -> str:
        """The address to tell the person who started the server."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return self.origin or f"http://{host}:{self.port}"

    @property
    def pictures_url(self) -> str:
        """Where pictures are stored."""
        return self.storage_url or (self.data_dir.absolute() / "pictures").as_uri()

    @property
    def backups_url(self) -> str:
        """Where backups are stored."""
        return self.backup_url or (self.data_dir.absolute() / "backups").as_uri()

    @property
    def message_body_bytes(self) -> int:
        """The largest body of a form with pictures: all of them at their limit, and the text."""
        return self.max_pictures * self.max_picture_bytes + 1_000_000

    def keys(self) -> list[str]:
        """The signing keys, newest first; without SECRET_KEYS, one made once and kept in the data folder."""
        if self.secret_keys:
            return [key.strip() for key in self.secret_keys.split(",")]
        return [kept_secret(self.data_dir / "secret-key")]


def kept_secret(path: Path, bits: int = 256) -> str:
    """The secret in a file that only its owner can read, made at the first call."""
    if path.exists():  # perhaps in a folder that may only be read
        return path.read_text().strip()
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}-{secrets.token_hex(8)}")
    draft.touch(mode=0o600)
    draft.write_text(secrets.token_urlsafe(bits // 8))
    with contextlib.suppress(FileExistsError):
        # Whole or not at all, and never in place of one that is there.
        path.hardlink_to(draft)
    draft.unlink()
    return path.read_text().strip()
