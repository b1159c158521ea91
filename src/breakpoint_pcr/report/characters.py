"""Which characters of a document the fonts can print; the others become `U+XXXX`.

A character is printable when coverage.txt beside the fonts lists it and it is visible: control and
format characters (line ends, direction overrides) would change how a name reads.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

ESCAPE = re.compile(r"\\(?:u([0-9a-f]{4})|(.))")
SHORT = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}
INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def read_coverage(fonts: Path) -> frozenset[str]:
    """Return every character that a font of the folder holds."""
    lines = (fonts / "coverage.txt").read_text(encoding="ascii").splitlines()
    return frozenset(char for line in lines for char in _characters(line.split()[1]))


def _characters(ranges: str) -> Iterator[str]:
    for item in ranges.split(","):
        first, _, last = item.partition("-")
        yield from map(chr, range(int(first, 16), int(last or first, 16) + 1))


def unprintable(document: Any, coverage: frozenset[str]) -> dict[str, str]:  # noqa: ANN401
    """Return `U+XXXX` for each character of the document's texts that cannot be printed."""
    used: set[str] = set()
    for text in _texts(document):
        used.update(unicodedata.normalize("NFC", text))
    bad = sorted(char for char in used if not _printable(char, coverage))
    return {char: f"U+{ord(char):04X}" for char in bad}


def _texts(value: Any) -> Iterator[str]:  # noqa: ANN401
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _texts(key)
            yield from _texts(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _texts(inner)


def _printable(char: str, coverage: frozenset[str]) -> bool:
    category = unicodedata.category(char)
    return char in coverage and category not in INVISIBLE and not category.startswith("M")


def printed(text: str, replaced: Mapping[str, str]) -> str:
    """Return a JSON text with the characters replaced, also those that JSON writes as escapes."""
    if not replaced:
        return unicodedata.normalize("NFC", text)
    text = unicodedata.normalize("NFC", text).translate(str.maketrans(dict(replaced)))
    return ESCAPE.sub(lambda found: _escape(found, replaced), text)


def _escape(found: re.Match[str], replaced: Mapping[str, str]) -> str:
    char = chr(int(found[1], 16)) if found[1] else SHORT.get(found[2], "")
    return replaced.get(char, found[0])
