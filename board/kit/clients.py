"""What a request tells of who sends it, kept coarse: a bot or a person, which class of device, which language.

Nothing in here is a fingerprint. Header names and values are bytes, as ASGI gives them.
"""

import ipaddress
import re
from collections.abc import Mapping
from functools import lru_cache
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection

Headers = Mapping[bytes, bytes]

# A client chooses what it sends: no header may fill the caches.
_LONGEST = 400

# Words by which programs name themselves; Cubot is a phone. An address in the name is a program's, too.
_BOT = re.compile(
    rb"(?<!cu)bot|crawl|spider|slurp|scan|archive|headless|lighthouse|preview|facebookexternal|whatsapp|google-|-google"
    rb"|monitor|uptime|probe|prometheus|feed|rss|fetch|curl|wget|python|httpx|aiohttp|go-http|java/|okhttp|libwww|axios"
    rb"|node|ruby|perl|php|https?://"
)
_TABLET = re.compile(rb"ipad|tablet|kindle|silk/|playbook|android(?!.*mobile)")
_PHONE = re.compile(rb"mobi|iphone|ipod|opera mini|ucweb|midp|kaios|symbian|nokia|blackberry")
_DESKTOP = re.compile(rb"windows|macintosh|x11|cros|linux")
# The first that fits counts, since most pose as others as well: Edge as Chrome, Chrome as Safari, Android as Linux.
_BROWSERS = (
    (rb"edg(e|a|ios)?/", "Edge"),
    (rb"opr/|opera|opios/", "Opera"),
    (rb"samsungbrowser/", "Samsung Internet"),
    (rb"ucbrowser/|ucweb", "UC Browser"),
    (rb"yabrowser/", "Yandex"),
    (rb"vivaldi/", "Vivaldi"),
    (rb"duckduckgo/", "DuckDuckGo"),
    (rb"firefox/|fxios/", "Firefox"),
    (rb"chrome/|chromium/|crios/", "Chrome"),
    (rb"version/[\d.]+.*safari/", "Safari"),
)
_SYSTEMS = (
    (rb"iphone|ipod", "iPhone"),
    (rb"ipad", "iPad"),
    (rb"kaios", "KaiOS"),
    (rb"android", "Android"),
    (rb"windows", "Windows"),
    (rb"mac os x|macintosh", "a Mac"),
    (rb"cros ", "ChromeOS"),
    (rb"linux|x11", "Linux"),
)
_LANGUAGE = re.compile(r"([a-z]{2,3})(?=$|[-,; ])")
_HOST = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)*\.?")


def sender(connection: HTTPConnection) -> str:
    """The network a request comes from; empty if there is none, as through a socket file."""
    return network(connection.client.host) if connection.client else ""


@lru_cache(4096)
def network(host: str) -> str:
    """Where somebody comes from: of an IPv6 address the network, since everybody there has 2^64 addresses."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if address.version == 4:
        return host
    return str(address.ipv4_mapped or ipaddress.IPv6Network((int(address) >> 64 << 64, 64)))


@lru_cache(4096)
def site(sender: str) -> str:
    """What somebody may have to themselves: of IPv6 the /48 that a site can get (RFC 6177), with 65,536 networks."""
    try:
        address = ipaddress.ip_network(sender)
    except ValueError:
        return sender
    return str(address.supernet(new_prefix=48)) if address.version == 6 else sender


@lru_cache(4096)
def region(host: str) -> str:
    """Roughly where somebody comes from, for people to recognise: `203.0.*.*`, `2001:db8:*`, or the empty string.

    The first half of an IPv4 address, and of an IPv6 address what a provider gets (RFC 6177 leaves it some 2^24 homes).
    """
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return ""
    plain = address.ipv4_mapped or address if address.version == 6 else address
    if plain.version == 4:
        return ".".join(str(plain).split(".")[:2]) + ".*.*"
    first, second = plain.exploded.split(":")[:2]
    return f"{int(first, 16):x}:{int(second, 16):x}:*"


def is_bot(headers: Headers) -> bool:
    """Whether it says that it is a program, or does not say what it is at all."""
    return _read_agent(headers.get(b"user-agent", b"")[:_LONGEST])[0]


def device(headers: Headers) -> str:
    """`phone`, `tablet`, `desktop` or `other`. An iPad that poses as a Mac is a desktop."""
    return _read_agent(headers.get(b"user-agent", b"")[:_LONGEST])[1]


def browser(headers: Headers) -> str:
    """Such as "Firefox on Android": which browser and which system it says that it is, and nothing finer."""
    return _read_browser(headers.get(b"user-agent", b"")[:_LONGEST])


def language(headers: Headers) -> str:
    """The primary tag of the language that is liked best, such as `de`; the empty string where none is told."""
    return _read_language(headers.get(b"accept-language", b"")[:40])


def referrer(headers: Headers, own: str = "") -> str | None:
    """The host of the page with the link; empty where none is told, None for a page of ours (`own`: our host)."""
    told = headers.get(b"referer", b"")
    if not told:
        return ""
    return _read_referrer(told[:_LONGEST], headers.get(b"host", b"")[:_LONGEST], own)


def wants_privacy(headers: Headers) -> bool:
    """Do Not Track, or its successor Global Privacy Control (https://w3c.github.io/gpc/)."""
    return headers.get(b"dnt") == b"1" or headers.get(b"sec-gpc") == b"1"


def is_prefetch(headers: Headers) -> bool:
    """Whether a browser loads this in advance: perhaps nobody will ever look at it."""
    told = [headers[name] for name in (b"sec-purpose", b"purpose", b"x-purpose", b"x-moz") if name in headers]
    return any(word in each for each in told for word in (b"prefetch", b"preview", b"prerender"))


@lru_cache(2048)
def _read_agent(agent: bytes) -> tuple[bool, str]:
    agent = agent.lower()
    bot = not agent.strip() or _BOT.search(agent) is not None
    for name, pattern in (("tablet", _TABLET), ("phone", _PHONE), ("desktop", _DESKTOP)):
        if pattern.search(agent):
            return bot, name
    return bot, "other"


@lru_cache(2048)
def _read_browser(agent: bytes) -> str:
    name, system = (_first(agent.lower(), table) for table in (_BROWSERS, _SYSTEMS))
    return " on ".join(filter(None, (name or "A browser", system)))


def _first(agent: bytes, table: tuple[tuple[bytes, str], ...]) -> str:
    return next((name for sign, name in table if re.search(sign, agent)), "")


@lru_cache(512)
def _read_language(told: bytes) -> str:
    found = _LANGUAGE.match(told.decode("latin-1").strip().lower())
    return found[1] if found else ""


@lru_cache(1024)
def _read_referrer(told: bytes, asked: bytes, own: str) -> str | None:
    try:
        host = (urlsplit(told.decode("latin-1")).hostname or "").rstrip(".")
        ours = {own, urlsplit("//" + asked.decode("latin-1")).hostname}
    except ValueError:
        return ""
    if host in ours:
        return None
    host = host.removeprefix("www.")
    return host if len(host) <= 80 and _HOST.fullmatch(host) else ""
