"""Numbers as text: whether a comma is a decimal mark is decided once per file, never guessed."""

import math
import re
from collections.abc import Iterable
from enum import StrEnum

from breakpoint_pcr.ingest.cells import Cell, shown, text_of

LETTERS_MAX = 40
PLAIN = re.compile(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]{1,3})?")
WITH_COMMA = re.compile(r"[-+]?[0-9.]*,[0-9.,]+(?:[eE][-+]?[0-9]{1,3})?")
THOUSANDS = re.compile(r"[-+]?[1-9][0-9]{0,2}(?:(?:,[0-9]{3})+\.[0-9]+|(?:,[0-9]{3}){2,})")
DECIMAL = re.compile(r"[-+]?(?:[0-9]*|[0-9]{1,3}(?:\.[0-9]{3})+),[0-9]+(?:[eE][-+]?[0-9]{1,3})?")
EITHER = re.compile(r"[-+]?[1-9][0-9]{0,2},[0-9]{3}")


class Comma(StrEnum):
    """What a comma in a number of this file means."""

    ABSENT = "absent"
    DECIMAL = "decimal mark"
    THOUSANDS = "thousands separator"
    OPEN = "open"
    BOTH = "both"


def comma_of(cells: Iterable[Cell]) -> Comma:
    """Decide from all numeric cells of a file that hold a comma.

    1,234.5 and 1,234,567 show thousands; 19,7085 and 0,123 show a decimal mark; 1,234 shows
    neither, and stays open where nothing else decides.
    """
    texts = (cell.strip() for cell in cells if isinstance(cell, str) and "," in cell)
    seen = {_meaning(text) for text in texts if WITH_COMMA.fullmatch(text)}
    if {Comma.DECIMAL, Comma.THOUSANDS} <= seen:
        return Comma.BOTH
    for meaning in (Comma.DECIMAL, Comma.THOUSANDS, Comma.OPEN):
        if meaning in seen:
            return meaning
    return Comma.ABSENT


def _meaning(cell: str) -> Comma:
    if THOUSANDS.fullmatch(cell):
        return Comma.THOUSANDS
    if EITHER.fullmatch(cell):
        return Comma.OPEN
    return Comma.DECIMAL if DECIMAL.fullmatch(cell) else Comma.ABSENT


def number_of(cell: Cell, comma: Comma) -> float | None:
    """Return a number; None for a blank cell or NaN.

    Raises:
        ValueError: The cell is no finite number, or its comma may mean two things.
    """
    if type(cell) is float:
        return _finite(cell)
    if type(cell) is int:
        try:
            return float(cell)
        except OverflowError:
            raise ValueError("a number is infinite") from None
    # The usual number, without the detours that the others need.
    if type(cell) is str and _is_usual(cell, comma):
        return _finite(float(cell))
    text = text_of(cell)
    if not text or text.casefold() == "nan":
        return None
    plain = _without_comma(text, comma) if len(text) <= LETTERS_MAX else ""
    if not PLAIN.fullmatch(plain):
        raise ValueError(f"{shown(text)} is no number")
    return _finite(float(plain))


def _is_usual(cell: str, comma: Comma) -> bool:
    if comma is Comma.DECIMAL and "." in cell:
        return False
    return len(cell) <= LETTERS_MAX and bool(PLAIN.fullmatch(cell))


def _without_comma(text: str, comma: Comma) -> str:
    if comma is Comma.DECIMAL and "." in text:
        if not DECIMAL.fullmatch(text):
            raise ValueError(f"{shown(text)} has a point where the file's decimal mark is a comma")
        return text.replace(".", "").replace(",", ".")
    if "," not in text:
        return text
    if comma is Comma.DECIMAL:
        return text.replace(",", ".")
    if comma is Comma.THOUSANDS:
        return (
            text.replace(",", "") if THOUSANDS.fullmatch(text) or EITHER.fullmatch(text) else text
        )
    raise ValueError(
        f"{shown(text)} may be a decimal or a thousands comma; export again with a decimal point"
    )


def _finite(number: float) -> float | None:
    if math.isfinite(number):
        return number
    if math.isnan(number):
        return None
    raise ValueError("a number is infinite")
