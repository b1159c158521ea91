"""The sentences, dates and numbers of a report in its language: wording/<language>.yaml."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from breakpoint_pcr.config import read_yaml
from breakpoint_pcr.errors import ConfigError

FOLDER = Path(__file__).parent / "wording"
WHEN = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2}))?")


@dataclass(frozen=True, slots=True)
class Words:
    """The wording of one language; a code without words is shown as it is."""

    language: str
    texts: Mapping[str, Any]

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


def load_words(language: str) -> Words:
    """Read the wording of a language.

    Raises:
        ConfigError: There is no wording file of this language.
    """
    path = FOLDER / f"{language}.yaml"
    if not path.is_file():
        known = ", ".join(sorted(p.stem for p in FOLDER.glob("*.yaml")))
        raise ConfigError(f"config: report.language is {language!r}; expected one of {known}")
    return Words(language, read_yaml(path))
