"""How the numbers of a level are written for a person."""

from collections.abc import Iterable
from math import floor, log10

DIGITS = 3
# Below it a fraction is read as a power of ten, as in the report's tables.
PERCENT_MIN = 1e-4
RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def percent(fraction: float) -> str:
    """Return a fraction with three digits: per cent down to 0.01 %, below it a power of ten."""
    if not 0 < fraction < PERCENT_MIN:
        return f"{rounded(100 * fraction)} %"
    digits, exponent = f"{fraction:.{DIGITS - 1}e}".split("e")
    return f"{float(digits):g} × 10{str(int(exponent)).translate(RAISED)}"


def rounded(value: float) -> str:
    """Return a number above 0 with three digits, whole from 100 on, thousands with a comma."""
    decimals = DIGITS - 1 - floor(log10(value)) if value > 0 else 0
    text = f"{value:,.{max(0, decimals)}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def listed(words: Iterable[str]) -> str:
    """Return words in one line."""
    return ", ".join(words)
