"""Passwords that are guessed first: much used ones, and what is little more than a name, a row or a repetition."""

import bisect
import functools
import hashlib
import re
import sys
import unicodedata
from array import array
from collections.abc import Iterable
from pathlib import Path

# What has to be left when all that is easily guessed counts as one character.
LEAST = 8
# The first 32 bits of SHA-256 of each, sorted, big-endian: common_passwords.txt tells where they are from. One password
# in 60,000 that is none of them is taken for one.
_COMMON = Path(__file__).with_name("common_passwords.bin")
_ROWS = """abcdefghijklmnopqrstuvwxyz 01234567890 qwertyuiop[] asdfghjkl;' zxcvbnm,./ qwertzuiop azertyuiop
qsdfghjklm yxcvbnm wxcvbn !@#$%^&*() йцукенгшщзхъ фывапролджэ ячсмитьбю абвгдежзийклмнопрстуфхцчшщъыьэюя
1qaz2wsx3edc4rfv5tgb6yhn7ujm qazwsxedcrfvtgbyhnujm 1q2w3e4r5t6y7u8i9o0p""".split()
_LINES = "\n".join([*_ROWS, *(row[::-1] for row in _ROWS)])
_REPEATED = re.compile(r"(.+?)\1+", re.DOTALL)
_KNOWN = "\0"  # stands for what is known


def is_guessable(password: str, about: Iterable[str] = ()) -> bool:
    """Whether it would be among the first guesses; `about` are words that belong to the person and the place."""
    return is_common(password) or len(_left(password, about)) < LEAST


@functools.lru_cache(256)
def is_common(password: str) -> bool:
    """Whether many people have it, in any case."""
    wanted = int.from_bytes(hashlib.sha256(_folded(password).encode(errors="surrogatepass")).digest()[:4])
    prefixes = _prefixes()
    place = bisect.bisect_left(prefixes, wanted)
    return place < len(prefixes) and prefixes[place] == wanted


def _left(password: str, about: Iterable[str]) -> str:
    """The password with one character for each known word, repetition and row."""
    text = _folded(password)
    words = {part for word in ("password", *about) for part in re.split(r"\W+", _folded(word)) if len(part) > 2}
    for word in sorted(words, key=len, reverse=True):
        text = text.replace(word, _KNOWN)
    core = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", text)
    if len(core) > 3 and is_common(core):
        text = text.replace(core, _KNOWN)
    return _without_rows(_REPEATED.sub(r"\1", text))


def _without_rows(text: str) -> str:
    """One character for three and more in a row."""
    left, start = "", 0
    while start < len(text):
        end = start + 1
        while end < len(text) and text[start : end + 1] in _LINES:
            end += 1
        left += text[start]
        start = end if end - start > 2 else start + 1
    return left


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


@functools.cache
def _prefixes() -> "array[int]":
    found = array("I", _COMMON.read_bytes())
    if sys.byteorder == "little":
        found.byteswap()
    return found
