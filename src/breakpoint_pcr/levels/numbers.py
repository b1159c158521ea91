"""How the numbers of a level are written for a person."""

from collections.abc import Iterable
from math import floor, log10

DIGITS = 3


def percent(fraction: float) -> str:
    """Return a fraction as per cent with three digits, never with an exponent."""
    return f"{rounded(100 * fraction)} %"


def rounded(value: float) -> str:
    """Return a number above 0 with three digits, whole from 100 on, thousands with a comma."""
    decimals = DIGITS - 1 - floor(log10(value)) if value > 0 else 0
    text = f"{value:,.{max(0, decimals)}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def listed(words: Iterable[str]) -> str:
    """Return words in one line."""
    return ", ".join(words)
