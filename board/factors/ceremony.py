"""Passkeys as the standard has them (WebAuthn level 3): what a device is asked, and whether what it answers is true.

A challenge is signed, says what for and whose it is, and holds its own end; once answered it is spent. So a page that
asks stores nothing, and an answer counts once on all replicas.
"""

import hashlib
import ipaddress
import json
import secrets
import time
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import webauthn
from itsdangerous import BadSignature, Signer
from webauthn.helpers import parse_authentication_credential_json, parse_client_data_json
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from board.kit.config import Config
from board.kit.db import value

_spend = value("factors/spend_challenge")

# Seconds: the page to sign in may wait for a while before somebody chooses a passkey there.
_LASTS = 1800
_LONGEST = 20_000


class Refused(Exception):
    """What came is not what a passkey answers to our challenge; the sentence says what to do."""


_WRONG = "This passkey could not be checked. Try again, or choose another way."


@dataclass(frozen=True, slots=True)
class NewPasskey:
    """What is stored of a passkey."""

    credential_id: bytes
    public_key: bytes
    sign_count: int
    transports: list[str]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a passkey sent, not yet believed."""

    credential: Any
    credential_id: bytes
    challenge: bytes
    handle: bytes | None


class Ceremonies:
    """Asks devices for passkeys of this site, and checks what they answer."""

    def __init__(self, config: Config) -> None:
        self._signer = Signer([*reversed(config.keys())], salt="board.passkey", key_derivation="hmac")
        self._site, self._origin = config.site_name, config.origin
        self._host = urlsplit(config.origin).hostname or ""
        self.possible = (config.secure or self._host == "localhost") and not _is_address(self._host)

    def ask_to_add(self, account_id: int, name: str, handle: uuid.UUID, known: Iterable[Any]) -> str:
        """JSON for the browser: make a passkey for this account, on a device that has none of `known`."""
        options = webauthn.generate_registration_options(
            rp_id=self._host,
            rp_name=self._site,
            user_id=handle.bytes,
            user_name=name,
            challenge=self._challenge(f"add {account_id}"),
            timeout=_LASTS * 1000,
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED,
                require_resident_key=True,
                user_verification=UserVerificationRequirement.REQUIRED,
            ),
            exclude_credentials=_described(known),
        )
        return webauthn.options_to_json(options)

    def ask_to_sign_in(self) -> str:
        """JSON for the browser: any passkey of this site, and the person who holds it."""
        return self._ask("sign in", UserVerificationRequirement.REQUIRED, ())

    def ask_for_step(self, account_id: int, known: Iterable[Any]) -> str:
        """JSON for the browser: one of these passkeys, after the password."""
        return self._ask(f"step {account_id}", UserVerificationRequirement.DISCOURAGED, known)

    async def check_new(self, connection: Any, account_id: int, text: str) -> NewPasskey:
        """What to store of a passkey that was just made. Raises Refused."""
        try:
            made = json.loads(_bounded(text))
            challenge = _challenge_of(made)
            transports = made["response"].get("transports", [])
        except Exception as error:  # strangers choose every byte: whatever the parsers trip over is a refusal
            raise Refused(_WRONG) from error
        await self.take(connection, f"add {account_id}", challenge)
        try:
            verified = webauthn.verify_registration_response(
                credential=made,
                expected_challenge=challenge,
                expected_rp_id=self._host,
                expected_origin=self._origin,
                require_user_verification=True,
            )
        except Exception as error:
            raise Refused(_WRONG) from error
        known = [each.value for each in AuthenticatorTransport if each.value in transports]
        return NewPasskey(verified.credential_id, verified.credential_public_key, verified.sign_count, known)

    def read(self, text: str) -> Answer:
        """What a passkey answered. Raises Refused for what is none at all."""
        try:
            credential = parse_authentication_credential_json(_bounded(text))
            challenge = parse_client_data_json(credential.response.client_data_json).challenge
        except Exception as error:
            raise Refused(_WRONG) from error
        return Answer(credential, credential.raw_id, challenge, credential.response.user_handle)

    async def take(self, connection: Any, purpose: str, challenge: bytes) -> None:
        """Use up a challenge of ours for `sign in`, `step 42` or `add 42`. Raises Refused for others and used ones."""
        try:
            told, end, _ = self._signer.unsign(challenge).decode().split(":")
        except (BadSignature, ValueError) as error:
            raise Refused(_WRONG) from error
        if told != purpose:
            raise Refused(_WRONG)
        if int(end) < time.time():
            raise Refused("That took too long. Try again.")
        digest = hashlib.sha256(challenge).digest()
        if await _spend(connection, challenge_hash=digest, seconds=_LASTS) is None:
            raise Refused("This was sent before. Try again.")

    def count(self, answer: Answer, public_key: bytes, *, verified: bool) -> int:
        """How often the passkey says it has signed, if the signature is good; `verified`: it knows the person.

        Raises Refused.
        """
        try:
            checked = webauthn.verify_authentication_response(
                credential=answer.credential,
                expected_challenge=answer.challenge,
                expected_rp_id=self._host,
                expected_origin=self._origin,
                credential_public_key=public_key,
                credential_current_sign_count=0,  # sql/factors/use_passkey.sql compares, also for two at once
                require_user_verification=verified,
            )
        except Exception as error:
            raise Refused(_WRONG) from error
        return checked.new_sign_count

    def _ask(self, purpose: str, verification: UserVerificationRequirement, known: Iterable[Any]) -> str:
        options = webauthn.generate_authentication_options(
            rp_id=self._host,
            challenge=self._challenge(purpose),
            timeout=_LASTS * 1000,
            allow_credentials=_described(known),
            user_verification=verification,
        )
        return webauthn.options_to_json(options)

    def _challenge(self, purpose: str) -> bytes:
        return self._signer.sign(f"{purpose}:{int(time.time()) + _LASTS}:{secrets.token_urlsafe(16)}")


def _described(passkeys: Iterable[Any]) -> list[PublicKeyCredentialDescriptor]:
    return [
        PublicKeyCredentialDescriptor(
            id=each["credential_id"], transports=[AuthenticatorTransport(name) for name in each["transports"]]
        )
        for each in passkeys
    ]


def _bounded(text: str) -> str:
    if len(text) > _LONGEST:
        raise ValueError("far longer than any passkey's answer")
    return text


def _challenge_of(made: dict[str, Any]) -> bytes:
    return parse_client_data_json(webauthn.base64url_to_bytes(made["response"]["clientDataJSON"])).challenge


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
