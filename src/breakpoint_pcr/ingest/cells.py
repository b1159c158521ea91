"""Cells of a table, whether it came as text or as a workbook."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

Cell = str | int | float | bool | date | datetime | time | timedelta
# 1-based line or row number, and the cells.
Line = tuple[int, Sequence[Cell]]
SHOWN_LETTERS = 40
SHOWN_NAMES = 8


def text_of(cell: Cell) -> str:
    """Return a cell as text without outer blanks; a whole number has no decimal point."""
    if isinstance(cell, str):
        return cell.strip()
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def exact_text_of(cell: Cell) -> str:
    """Return a cell as text; a number with all its digits, so 40.0 stays apart from 40."""
    return repr(cell) if isinstance(cell, float) else text_of(cell)


def shown(text: str) -> str:
    """Return text from a file for a message: quoted, on one line, not endless."""
    return repr(text if len(text) <= SHOWN_LETTERS else f"{text[:SHOWN_LETTERS]}…")


def listed(texts: Sequence[str]) -> str:
    """Return names from a file for a message: the first ones, and how many more."""
    more = f" and {len(texts) - SHOWN_NAMES} more" if len(texts) > SHOWN_NAMES else ""
    return ", ".join(shown(text) for text in texts[:SHOWN_NAMES]) + more


def is_blank(cells: Sequence[Cell]) -> bool:
    """Tell whether a row says nothing."""
    return not any(map(text_of, cells))
