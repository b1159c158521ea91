"""The sentences of the tables in the language of a report.

The tables are English. A sentence is looked up in the catalogue of the language as a whole, else
in its parts, which the program joins by semicolons, commas and full stops. It is translated whole
or not at all: what the catalogue does not hold is shown in English, and counted.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from breakpoint_pcr.languages.files import ENGLISH, read_section
from breakpoint_pcr.languages.templates import (
    CALLS,
    CLASS,
    LISTED,
    LISTS,
    NUMBER,
    SENTENCES,
    SEVERAL,
    Template,
    compiled,
    template,
)

# Longer texts are shown as they are: the time for a sentence grows with its length.
LETTERS_MAX = 8000
# So many parts at most make up one sentence of the catalogue.
PARTS_MAX = 12
DEPTH_MAX = 60
PARTS_ALL = 300
CUT_LIST = re.compile(r"(?P<names>.+) and (?P<count>\d+) more")
CALL_MARKS = re.compile(r"(, | or )")
CLASS_LABEL = re.compile(CLASS)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The templates of a language; `joints` say how parts of a sentence are joined.

    `by_word` holds the templates that may fit a text with this first word, `others` those that may
    fit a text with any other; those with more words of their own come first.
    """

    by_word: Mapping[str, Sequence[Template]]
    others: Sequence[Template]
    codes: Mapping[str, Mapping[str, str]]
    joints: Sequence[tuple[str, str]]
    items: str
    more: str
    known: dict[str, str | None] = field(default_factory=dict[str, "str | None"])

    def translated(self, text: str, depth: int = 0) -> str | None:
        """Return a text in the language; None where a part of it is not in the catalogue."""
        if len(text) > LETTERS_MAX or depth > DEPTH_MAX:
            return None
        if text not in self.known:
            self.known[text] = self._whole(text, depth) or self._in_parts(text, depth)
        return self.known[text]

    def _whole(self, text: str, depth: int) -> str | None:
        """Return a text that one template holds."""
        for candidate in self._candidates(text):
            found = compiled(candidate.pattern).fullmatch(text)
            said = self._filled(candidate, found.groupdict(), depth) if found else None
            if said is not None:
                return said
        return None

    def _candidates(self, text: str) -> Iterable[Template]:
        """Return the templates that may fit, those with more words of their own first."""
        fitting = self.by_word.get(text.partition(" ")[0], self.others)
        return (one for one in fitting if one.anchor in text)

    def _filled(self, one: Template, found: Mapping[str, str], depth: int) -> str | None:
        values: dict[str, str] = {}
        for name, text in found.items():
            said = self._said(text, one.kinds[name], depth)
            if said is None:
                return None
            values[name] = said
        return one.target.format(**values)

    def _said(self, text: str, kind: str, depth: int) -> str | None:
        if kind in (SENTENCES, SEVERAL):
            return self.translated(text, depth + 1)
        if kind == CALLS:
            return self._calls(text)
        if kind == NUMBER:
            return text.replace(" to ", "–")
        if kind == LISTED and (cut := CUT_LIST.fullmatch(text)):
            return self.more.format(**cut.groupdict())
        if kind in LISTS:
            return self.items.join(text.split(", "))
        return self.codes[kind][text] if kind in self.codes else text

    def _calls(self, text: str) -> str | None:
        """Return calls in words; None where one is neither a known word nor a class."""
        words = self.codes["candidates"]
        said: list[str] = []
        for place, call in enumerate(CALL_MARKS.split(text)):
            if place % 2 == 0 and call not in words and not CLASS_LABEL.fullmatch(call):
                return None
            said.append(words.get(call, call) if place % 2 == 0 else self._joint(call))
        return "".join(said)

    def _joint(self, mark: str) -> str:
        return self.items if mark == ", " else dict(self.joints)[mark]

    def _in_parts(self, text: str, depth: int) -> str | None:
        """Return a text whose parts are in the catalogue, by the first mark that parts it."""
        for mark, joint in self.joints:
            parts = text.split(mark)
            if (
                1 < len(parts) <= PARTS_ALL
                and (said := self._grouped(parts, mark, depth)) is not None
            ):
                return joint.join(said)
        return None

    def _grouped(self, parts: Sequence[str], mark: str, depth: int) -> list[str] | None:
        """Return the parts in the language; a sentence may hold the mark that parts others."""

        @cache
        def from_(start: int) -> tuple[str, ...] | None:
            if start == len(parts):
                return ()
            longest = min(len(parts), start + PARTS_MAX)
            for end in range(start + 1, longest + 1):
                group = mark.join(parts[start:end])
                whole = end - start == len(parts)
                said = None if whole else self._group(group, end - start, depth)
                rest = None if said is None else from_(end)
                if said is not None and rest is not None:
                    return (said, *rest)
            return None

        found = from_(0)
        return None if found is None else list(found)

    def _group(self, text: str, parts: int, depth: int) -> str | None:
        return self.translated(text, depth + 1) if parts == 1 else self._whole(text, depth + 1)


@dataclass(slots=True)
class Translator:
    """Says English sentences in another language.

    `asked` holds them all, `missed` those that it cannot say.
    """

    catalogue: Catalogue | None
    missed: dict[str, None] = field(default_factory=dict[str, None])
    asked: dict[str, None] = field(default_factory=dict[str, None])

    def __call__(self, text: str) -> str:
        """Return a sentence in the language; in English where the catalogue does not hold it."""
        if self.catalogue is None or not text:
            return text
        self.asked[text] = None
        said = self.catalogue.translated(text)
        if said is None:
            self.missed[text] = None
            return text
        return said


def translator(language: str) -> Translator:
    """Return what translates the sentences of the tables; for English each stays as it is."""
    if language == ENGLISH:
        return Translator(None)
    return Translator(_catalogue_of(language))


@cache
def _catalogue_of(language: str) -> Catalogue:
    return catalogue(read_section(language, "phrases"), read_section(language, "report"))


def catalogue(phrases: Mapping[str, Any], codes: Mapping[str, Any]) -> Catalogue:
    """Compile a catalogue.

    Args:
        phrases: Section `phrases` of a language.
        codes: The report's wording of the language, whose sections are sets of codes.
    """
    words = {name: texts for name, texts in codes.items() if isinstance(texts, Mapping)}
    all_ = [template(en, target, words) for en, target in phrases["sentences"].items()]
    ordered = sorted(all_, key=lambda one: -one.weight)
    heads = {one.first for one in ordered if one.first}
    return Catalogue(
        {head: [one for one in ordered if one.first in ("", head)] for head in heads},
        [one for one in ordered if not one.first],
        words,
        list(phrases["joints"].items()),
        words["format"]["list"],
        phrases["more"],
    )
