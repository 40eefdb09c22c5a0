"""Names that people choose: what they may hold, and the one form by which two that look alike are the same."""

import functools
import re
import unicodedata

import precis_i18n
from confusable_homoglyphs import categories, confusables

SHORTEST, LONGEST = 2, 24

_PROFILE = precis_i18n.get_profile("UsernameCasePreserved")  # RFC 8265, section 3.4
# Scripts that make one alphabet where they are at home (Unicode TR 39, section 5.2).
_WRITTEN_TOGETHER = ({"HAN", "HIRAGANA", "KATAKANA"}, {"HAN", "HANGUL"}, {"HAN", "BOPOMOFO"})
_ASCII = str.maketrans("lio", "110")
# Names by which one could speak for the board, or be taken for nobody in particular.
_RESERVED = """abuse account accounts admin administrator administration admins all anonymous anonym api auth author
automod automoderator billing board boards bot community contact daemon deleted deletedperson deleteduser
editor everybody everyone guest guests help helpdesk hostmaster info invalid legal localhost mail
mailerdaemon me member members mod moderation moderator moderators mods myself news newsletter nil nobody
noone noreply none null official operator operators owner payment payments person police postmaster press
privacy robot root safety security service settings signin signout signup somebody someone spam staff
stranger superuser support sysadmin sysop system team trust undefined unknown user username users
verification verified void waiting webmaster website www you yourself""".split()


class BadName(ValueError):
    """The name can not be used; the sentence says why."""


def clean(name: str, reserved: str = "") -> str:
    """Return the name as it will be shown; `reserved` are more that nobody may take, comma between.

    Raises BadName with a sentence.
    """
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
    scripts = categories.unique_aliases(name) - {"COMMON"}
    if len(scripts) > 1 and not any(scripts <= each for each in _WRITTEN_TOGETHER):
        raise BadName("A name keeps to one alphabet, so that nobody can imitate another.")
    if _bare(name) in _reserved(reserved):
        raise BadName("This name is kept for the board itself. Choose another.")
    return name


@functools.lru_cache(maxsize=8)
def _reserved(more: str) -> frozenset[str]:
    return frozenset(map(_bare, [*_RESERVED, *filter(str.strip, more.split(","))]))


def _bare(name: str) -> str:
    """What somebody reads who does not look closely: `ad.min`, `admin_2` and `admin` are one."""
    letters = re.sub(r"[-_.\s]", "", name)
    return key(re.sub(r"\d+$", "", letters) or letters)


def key(name: str) -> str:
    """The form in which names are compared: `Alice`, `alice`, `a1ice` and a Cyrillic `аlice` share it.

    In the spirit of Unicode TR 39's skeleton: fold the case, then put one letter for all that look like it. A capital I
    looks like a small l, so that i, l and 1 are one, and rn is m in many fonts. Of 10,824 first and family names in six
    languages that makes 16 pairs one, such as Karl and Kari: the price of nobody being imitated.
    """
    folded = unicodedata.normalize("NFKC", name.strip()).casefold()
    return "".join(map(_representative, folded)).replace("rn", "m").replace("vv", "w")


@functools.lru_cache(maxsize=10_000)
def _representative(character: str) -> str:
    """The plain letter or digit it can be taken for, else the first of those that look like it.

    A plain letter in one step only: look-alikes of look-alikes would make one letter of r, t, u, y and z.
    """
    if character.isascii():
        return character.translate(_ASCII)
    alike = _alike(character)
    if plain := sorted(each for each in alike if each.isascii() and each.isalnum()):
        return plain[0].translate(_ASCII)
    group = {character}
    while alike:
        group |= alike
        alike = {far for near in alike for far in _alike(near) if not far.isascii()} - group
    return min(group)


def _alike(character: str) -> set[str]:
    """The characters that look like this one, or like its capital."""
    found = set()
    for form in {character, character.upper()}:
        for group in confusables.is_confusable(form, greedy=True) or ():
            found |= {glyph["c"].casefold() for glyph in group["homoglyphs"]}
    return {each for each in found if len(each) == 1}
