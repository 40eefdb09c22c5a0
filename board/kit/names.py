"""Names that people choose: what they may hold, and the one form by which two that look alike are the same."""

import functools
import unicodedata

import precis_i18n
from confusable_homoglyphs import confusables

SHORTEST, LONGEST = 2, 24

_PROFILE = precis_i18n.get_profile("UsernameCasePreserved")  # RFC 8265, section 3.4
_ASCII = str.maketrans("lio", "110")
_RESERVED = frozenset(
    "admin administrator anonymous board deleted everyone mod moderator nobody root staff system you me".split()
)


class BadName(ValueError):
    """The name can not be used; the sentence says why."""


def clean(name: str) -> str:
    """Return the name as it will be shown. Raises BadName with a sentence."""
    try:
        name = _PROFILE.enforce(unicodedata.normalize("NFKC", name.strip()))
    except UnicodeEncodeError:
        raise BadName("A name holds letters, digits, and - _ . between them; no spaces.") from None
    if not SHORTEST <= len(name) <= LONGEST:
        raise BadName(f"A name has {SHORTEST} to {LONGEST} characters; this one has {len(name)}.")
    kinds = [unicodedata.category(character)[0] for character in name]
    if any(kind not in "LMN" and character not in "-_." for character, kind in zip(name, kinds, strict=True)):
        raise BadName("A name holds letters, digits, and - _ . between them; no spaces.")
    if kinds[0] not in "LN" or kinds[-1] not in "LMN":
        raise BadName("A name begins and ends with a letter or a digit.")
    if confusables.is_mixed_script(name):
        raise BadName("A name keeps to one alphabet, so that nobody can imitate another.")
    if name.casefold() in _RESERVED:
        raise BadName("This name is kept for the board itself. Choose another.")
    return name


def key(name: str) -> str:
    """The form in which names are compared: `Alice`, `alice`, `a1ice` and a Cyrillic `аlice` share it.

    In the spirit of Unicode TR 39's skeleton: fold the case, then put one letter for all that look like it.
    """
    folded = unicodedata.normalize("NFKC", name.strip()).casefold()
    return "".join(map(_representative, folded)).replace("rn", "m").replace("vv", "w")


@functools.cache
def _representative(character: str) -> str:
    """The plain letter or digit it can be taken for, else the first of those that look like it.

    One step only: following look-alikes of look-alikes would make one letter of r, t, u, y and z.
    """
    if character.isascii():
        return character.translate(_ASCII)
    look = {character}
    for form in {character, character.upper()}:
        for group in confusables.is_confusable(form, greedy=True) or ():
            look |= {glyph["c"].casefold() for glyph in group["homoglyphs"]}
    plain = sorted(each for each in look if len(each) == 1 and each.isascii() and each.isalnum())
    return plain[0].translate(_ASCII) if plain else min(each for each in look if len(each) == 1)
