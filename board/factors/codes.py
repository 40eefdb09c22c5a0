"""Codes of an authenticator app: six digits, new each half minute (TOTP, RFC 6238)."""

import unicodedata

import pyotp
import segno
from markupsafe import Markup
from pyotp.exceptions import OTPVerificationError

# Half minutes that the clocks of a phone and of the server may differ.
_WINDOW = 1


def new_secret() -> str:
    """160 random bits in base32, as apps take them."""
    return str(pyotp.random_base32())


def address(site: str, name: str, secret: str) -> str:
    """What the QR code says, and what opens the app on the same phone: `otpauth://...`"""
    return str(pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=site))


def drawing(text: str) -> Markup:
    """A QR code as SVG, black on white in the dark too: some cameras read no other."""
    code = segno.make(text, error="m", micro=False)
    drawn = code.svg_inline(omitsize=True, svgclass="qr", lineclass=None, light="#fff", title="QR code")
    return Markup(drawn)  # noqa: S704 - squares alone; the text is in their places


def groups(secret: str) -> str:
    """The secret as a person types it, in fours."""
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))


def digits(typed: str) -> str:
    """Digits of any script as 0 to 9; spaces and hyphens go."""
    return "".join(str(unicodedata.decimal(each, each)) for each in typed if not each.isspace() and each not in "-–")


def is_code(typed: str) -> bool:
    """Whether it has the form of a code, right or wrong."""
    code = digits(typed)
    return len(code) == 6 and code.isascii() and code.isdigit()


def step(secret: str, typed: str) -> int | None:
    """The half minute, counted since 1970, whose code was typed; None for a wrong code."""
    try:
        return int(pyotp.TOTP(secret).verify_and_get_timecode(digits(typed), valid_window=_WINDOW))
    except OTPVerificationError:
        return None
