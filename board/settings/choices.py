"""The choices there are, what each means, and their short text, which is all that is kept."""

from dataclasses import dataclass, fields, replace
from typing import Any

# Of each choice the answers, with the words for them; the first is what everybody has who chose nothing.
OPTIONS: dict[str, dict[str, str]] = {
    "theme": {"system": "As the device has it", "light": "Light", "dark": "Dark"},
    "front": {
        "activity": "Active: written in last",
        "hot": "Hot",
        "top": "Top of the week",
        "new": "New",
        "controversial": "Disputed",
    },
    "thread": {"oldest": "Oldest first", "newest": "Newest first", "best": "Best first"},
    "scores": {"shown": "Always", "voted": "Once I have voted, and on what I wrote", "never": "Never"},
    "pictures": {
        "auto": "As the browser asks: small where it saves data",
        "all": "As large as the screen takes",
        "small": "Small",
        "tapped": "Only when tapped",
    },
}
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Settings:
    """One answer to each choice. Equal ones get the same page."""

    theme: str = "system"
    front: str = "activity"
    thread: str = "oldest"
    scores: str = "shown"
    pictures: str = "auto"
    saves_data: bool = False  # what the browser asks for: Save-Data

    @classmethod
    def read(cls, text: str, *, saves_data: bool = False) -> "Settings":
        """The settings that a text tells. What it says wrongly, or of other things, counts for nothing."""
        pairs = (part.partition(":")[::2] for part in text.split("/")) if len(text) <= _LONGEST else ()
        known: dict[str, Any] = {name: value for name, value in pairs if value in OPTIONS.get(name, ())}
        found = cls(**known)
        # Where it makes no difference it must not make two pages of one.
        return replace(found, saves_data=True) if saves_data and found.pictures == "auto" else found

    def text(self) -> str:
        """What is kept: only what differs from the default, such as "theme:dark/front:hot"."""
        chosen = {name: getattr(self, name) for name in OPTIONS}
        return "/".join(f"{name}:{value}" for name, value in chosen.items() if value != _DEFAULTS[name])

    @property
    def budget(self) -> str:
        """How pictures come: all, small, or tapped."""
        return ("small" if self.saves_data else "all") if self.pictures == "auto" else self.pictures

    @property
    def shows_sums(self) -> bool:
        """Whether points of whole threads, and of what one can not vote on there, are told."""
        return self.scores == "shown"

    def shows_score(self, my_vote: int | None, own: bool) -> bool:
        """Whether the points of one message are told."""
        return self.scores == "shown" or (self.scores == "voted" and (own or bool(my_vote)))


_DEFAULTS = {field.name: field.default for field in fields(Settings)}
