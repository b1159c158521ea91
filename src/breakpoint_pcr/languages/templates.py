"""Templates of English sentences, `Ct {ct:n} is not below {limit:n}`, as regular expressions.

What stands in braces is filled in by the program. Its kind says what it holds and what becomes of
it in another language:

- `{name}`: text of the data (a sample, an assay), kept as it is; it never spans a semicolon;
- `{name:g}`: the same, as much as may be (a name that holds the mark which ends it);
- `{name:x}`: text of the data up to the next comma or semicolon;
- `{name:t}`: text that a person wrote, whatever is in it;
- `{name:n}`: a number or a range of numbers;
- `{name:l}`: items of the data, joined by commas;
- `{name:a}`: names without blanks (assays, runs), `{name:w}`: wells, `{name:k}`: classes,
  `{name:f}`: forms of classes, each joined by commas where there are several;
- `{name:p}`: a file of a run;
- `{name:v}`: text of a file in quotes, as `breakpoint_pcr.ingest.cells.shown` gives it;
- `{name:q}`: such texts joined by commas, the first ones of many (`listed`);
- `{name:c}`: calls, joined by commas or `or`;
- `{name:s}`: sentences, translated in turn; several, joined by semicolons, in brackets only:
  elsewhere what follows a semicolon is a sentence of its own;
- `{name:b}`: sentences, several of them anywhere;
- `{name:outcomes}` (or another section of the report's wording): a code, said in its word.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

DATA, TEXT, NUMBER, ITEMS, SENTENCES, CALLS = "", "t", "n", "l", "s", "c"
SEVERAL = "b"
GREEDY, PIECE = "g", "x"
FILE, QUOTED, LISTED = "p", "v", "q"
NAMES, WELLS, CLASSES, FORMS = "a", "w", "k", "f"
# Kinds whose items are joined as the language joins items.
LISTS = frozenset({ITEMS, LISTED, NAMES, WELLS, CLASSES, FORMS})
PLACE = re.compile(r"\{(\w+)(?::(\w+))?\}")
SOME = r"(?:(?!; ).)+?"
CLASS = r"Δ\d+-\d+"
QUOTE = r"(?:'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")"
ONE_NUMBER = r"[-−]?(?:inf|nan|\d[\d,]*(?:\.\d+)?(?:e[-+]?\d+)?)(?: × 10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)?(?: %)?"


def _several(one: str) -> str:
    return rf"{one}(?:, {one})*"


PATTERNS = {
    DATA: SOME,
    GREEDY: r"(?:(?!; ).)+",
    PIECE: r"[^,;]+?",
    TEXT: r".+?",
    NUMBER: rf"{ONE_NUMBER}(?: to {ONE_NUMBER})?",
    ITEMS: SOME,
    SENTENCES: SOME,
    SEVERAL: r".+?",
    CALLS: SOME,
    # An extension begins with a letter, so that no assay such as F.4 is taken for a file.
    FILE: r"(?:(?!; |: ).)*?\.[A-Za-z][A-Za-z0-9]{0,7}(?: \[[^];:]+\])?",
    QUOTED: QUOTE,
    LISTED: rf"{_several(QUOTE)}(?: and \d+ more)?",
    NAMES: _several(r"[^\s,;]+"),
    WELLS: _several(r"[A-Z]{1,2}\d{1,3}"),
    CLASSES: _several(CLASS),
    FORMS: _several(rf"{CLASS}(?: [a-z]+)*"),
}


@dataclass(frozen=True, slots=True)
class Template:
    """An English sentence with places, and the same in another language."""

    pattern: str
    kinds: Mapping[str, str]
    target: str
    weight: int
    first: str
    anchor: str


def template(english: str, target: str, codes: Mapping[str, Mapping[str, str]]) -> Template:
    """Compile a sentence.

    Args:
        english: With places in braces.
        target: The same in the other language, each place as `{name}`.
        codes: Words of each closed set of codes, by name of the set.
    """
    pieces: list[str] = []
    kinds: dict[str, str] = {}
    end = 0
    for place in PLACE.finditer(english):
        pieces.append(re.escape(english[end : place.start()]))
        name, kind = place[1], place[2] or DATA
        bracketed = english[place.end() :].startswith(")")
        found = TEXT if kind == SENTENCES and bracketed else kind
        pieces.append(f"(?P={name})" if name in kinds else f"(?P<{name}>{_pattern(found, codes)})")
        kinds.setdefault(name, kind)
        end = place.end()
    pieces.append(re.escape(english[end:]))
    literals = PLACE.sub("\0", english).split("\0")
    return Template(
        "".join(pieces),
        kinds,
        target,
        sum(map(len, literals)),
        _first_word(literals[0]),
        max(literals, key=len),
    )


def _pattern(kind: str, codes: Mapping[str, Mapping[str, str]]) -> str:
    if kind in PATTERNS:
        return PATTERNS[kind]
    return "|".join(re.escape(code) for code in sorted(codes[kind], key=len, reverse=True))


def _first_word(literal: str) -> str:
    """Return the first word of a sentence; empty where a place may be part of it."""
    word, blank, _ = literal.partition(" ")
    return word if blank else ""


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """Return the pattern of a template; a run needs a part of them, and compiling takes time."""
    return re.compile(pattern, re.DOTALL)
