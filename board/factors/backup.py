"""Backup codes: ten on paper for the day the phone is lost, each good for one sign-in."""

import hashlib
import secrets

AMOUNT = 10

# Crockford's base32: no letter looks like a digit, and who writes o for 0 or l for 1 is understood.
_SIGNS = "0123456789abcdefghjkmnpqrstvwxyz"
_LENGTH = 16
_UNDERSTOOD = str.maketrans("oil", "011")


def make() -> list[str]:
    """New codes of 80 random bits each: `7k2m-q0xe-93ab-hj4t`."""
    return ["-".join(_group() for _ in range(_LENGTH // 4)) for _ in range(AMOUNT)]


def digest(account_id: int, typed: str) -> bytes:
    """What is stored of a code. 80 bits at random can not be guessed from it, so that a slow hash is not needed."""
    code = "".join(each for each in typed.lower() if each.isalnum()).translate(_UNDERSTOOD)
    return hashlib.sha256(f"{account_id} {code}".encode()).digest()


def _group() -> str:
    return "".join(secrets.choice(_SIGNS) for _ in range(4))
