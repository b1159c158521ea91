"""The sentences, dates and numbers of a report in its language.

English: wording/en.yaml; every other language: its file in `breakpoint_pcr.languages`.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_CEILING, ROUND_HALF_UP, Context, Decimal
from math import isfinite
from pathlib import Path
from typing import Any

from breakpoint_pcr.config import read_yaml
from breakpoint_pcr.languages.files import ENGLISH, read_section
from breakpoint_pcr.languages.translating import Translator, translator

FOLDER = Path(__file__).parent / "wording"
RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
PERCENT = -2  # power of ten
WHEN = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2}))?")


@dataclass(frozen=True, slots=True)
class Words:
    """The wording of one language; a code without words is shown as it is."""

    language: str
    texts: Mapping[str, Any]
    translator: Translator = field(default_factory=lambda: Translator(None))

    def told(self, sentence: str) -> str:
        """Return a sentence of the tables in the language; in English where it has none."""
        return self.translator(sentence)

    def section(self, name: str) -> Mapping[str, str]:
        """Return the words of a section, by code."""
        return self.texts[name]

    def word(self, section: str, code: str) -> str:
        """Return the word for a code; the code itself when it is not known."""
        return self.texts[section].get(code, code)

    def say(self, key: str, **values: object) -> str:
        """Return a sentence of the section `sentences`, filled in."""
        return self.texts["sentences"][key].format(**values)

    def joined(self, items: Iterable[str]) -> str:
        """Return the items as a list in words."""
        return self.texts["format"]["list"].join(items)

    def sentences(self, items: Iterable[str]) -> str:
        """Return sentences in one line."""
        return self.texts["format"]["sentences"].join(items)

    def either(self, items: Iterable[str]) -> str:
        """Return the items as alternatives in words."""
        *most, last = [*items] or [""]
        joined = self.joined(most)
        return f"{joined}{self.texts['format']['either']}{last}" if most else last

    @property
    def missing(self) -> str:
        """The mark for no value."""
        return self.texts["format"]["missing"]

    def number(self, value: float | None, digits: int) -> str:
        """Return a number with so many decimals."""
        if value is None:
            return self.missing
        return f"{value:.{digits}f}".replace(".", self.texts["format"]["decimal"])

    def plain(self, value: float) -> str:
        """Return a number with as many decimals as it has."""
        return f"{value:g}".replace(".", self.texts["format"]["decimal"])

    def count(self, value: int) -> str:
        """Return a whole number with its thousands marked."""
        return f"{value:,}".replace(",", self.texts["format"]["thousands"])

    def ct(self, value: float | None, limit: float, digits: int = 2) -> str:
        """Return a Ct, with more digits where so few would put it beyond the limit."""
        if value is None:
            return self.missing
        enough = (n for n in range(digits, 9) if (round(value, n) < limit) == (value < limit))
        return self.number(value, next(enough, 9))

    def fraction(self, value: float, low: float | None = None, high: float | None = None) -> str:
        """Return a fraction with two significant digits, and its interval where there is one.

        In percent down to 0.01 %, below as a power of ten: 0.45 % (0.36–0.56 %),
        2.1 (0.97–4.7) × 10⁻⁵.
        """
        return self._fraction(_significant(value), [_significant(x) for x in _ends(low, high)])

    def excluded(self, value: float) -> str:
        """Return a fraction that is excluded, rounded up: never less than what was shown."""
        return self._fraction(_significant(value, ROUND_CEILING), [])

    def _fraction(self, value: Decimal, ends: Sequence[Decimal]) -> str:
        small = value != 0 and value.adjusted() < 2 * PERCENT
        power = value.adjusted() if small else PERCENT
        kind = ("small" if small else "percent") + ("_interval" if ends else "")
        return self.texts["format"][kind].format(
            value=self._written(value.scaleb(-power)),
            ends="–".join(self._written(end.scaleb(-power)) for end in ends),
            power=self.power(power),
        )

    def power(self, exponent: int) -> str:
        """Return a power of ten."""
        return f"10{str(exponent).translate(RAISED)}"

    def percent(self, value: float) -> str:
        """Return a fraction in percent with the digits that it has."""
        return self.texts["format"]["percent"].format(value=self.plain(100 * value))

    def about(self, value: float) -> str:
        """Return a number with two significant digits."""
        return self._written(_significant(value))

    def _written(self, value: Decimal) -> str:
        form = self.texts["format"]
        marks = str.maketrans({",": form["thousands"], ".": form["decimal"]})
        return f"{value:,f}".translate(marks)

    def date(self, text: str) -> str:
        """Return an ISO date or time in words; other text as it is."""
        found = WHEN.match(text)
        if not found or not 1 <= int(found[2]) <= len(self.texts["format"]["months"]):
            return text
        form = self.texts["format"]
        year, month, day, hour, minute = found.groups()
        name = form["months"][int(month) - 1]
        said = form["date"].format(year=year, month=int(month), day=int(day), month_name=name)
        return f"{said} {form['time'].format(hour=hour, minute=minute)}" if hour else said


def _significant(value: float, rounding: str = ROUND_HALF_UP) -> Decimal:
    """Return a number with two significant digits; 0 and what is not finite as 0."""
    if not value or not isfinite(value):
        return Decimal(0)
    rounded = Context(prec=2, rounding=rounding).plus(Decimal(repr(value)))
    return Decimal(f"{rounded:.1e}")  # 0.5 as 0.50


def _ends(low: float | None, high: float | None) -> list[float]:
    """Return the ends of an interval that has both."""
    known = [end for end in (low, high) if end is not None and isfinite(end)]
    return known if len(known) == 2 else []  # noqa: PLR2004


def load_words(language: str) -> Words:
    """Read the wording of a language.

    Raises:
        ConfigError: There is no such language.
    """
    texts = (
        read_yaml(FOLDER / "en.yaml") if language == ENGLISH else read_section(language, "report")
    )
    return Words(language, texts, translator(language))
