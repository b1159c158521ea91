"""Names as they can stand in a figure: every letter has a font, and none runs into another."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from breakpoint_pcr.report.characters import unprintable

CUT = "…"
BREAK = re.compile(r"(?<=[，。；：、）])")
WIDE = frozenset("WF")  # East Asian wide and full width: two letters' room


@dataclass(frozen=True, slots=True)
class Lettering:
    """Makes text fit for a figure.

    Args:
        coverage: Characters that the fonts hold; others become `U+XXXX`, as in the report. That
            keeps letters of right-to-left scripts and direction marks from turning a line around.
    """

    coverage: frozenset[str]

    def text(self, text: str) -> str:
        """Return text whose every letter can be drawn."""
        escaped = unprintable([text], self.coverage)
        return unicodedata.normalize("NFC", text).translate(str.maketrans(escaped))

    def name(self, name: str, room: float) -> str:
        """Return a name in so many letters' room, its middle left out: its end tells it apart."""
        name = self.text(name)
        if width(name) <= room:
            return name
        half = (room - 1) / 2
        head = _fitting(name, half)
        return name[:head] + CUT + name[len(name) - _fitting(name[::-1], half) :]

    def lines(self, words: Sequence[str], room: float) -> list[str]:
        """Return words in lines of so much room; hanzi break after their punctuation too."""
        found: list[str] = []
        for word in words:
            for index, piece in enumerate(BREAK.split(self.text(word))):
                glue = "" if index or not found else " "
                if found and width(f"{found[-1]}{glue}{piece}") <= room:
                    found[-1] += f"{glue}{piece}"
                elif piece:
                    found.append(piece)
        return found


def width(text: str) -> int:
    """Return how many letters' room a text takes."""
    return sum(1 + (unicodedata.east_asian_width(letter) in WIDE) for letter in text)


def _fitting(text: str, room: float) -> int:
    return sum(end <= room for end in accumulate(width(letter) for letter in text))
