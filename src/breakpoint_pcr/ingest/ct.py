"""The Ct cell: a number, or one of the many faces of "not reached"."""

import math

from breakpoint_pcr.ingest.cells import Cell, shown, text_of
from breakpoint_pcr.ingest.export import CYCLES_MAX
from breakpoint_pcr.ingest.numerals import Comma, number_of
from breakpoint_pcr.tables import State

# Casefolded; written by 7500, StepOne, QuantStudio, CFX, Mx and Chinese instruments.
NOT_REACHED = frozenset(
    {
        "undetermined",
        "undet.",
        "undet",
        "n/a",
        "na",
        "nan",
        "no ct",
        "noct",
        "no cq",
        "n. def.",
        "n.def.",
        "-",
    }
)

# Written for "not reached" whatever the number of cycles (LightCycler 96).
NOT_REACHED_NUMBERS = frozenset({100.0})


def judge_ct(
    cell: Cell, *, comma: Comma, n_cycles: int | None, missing: frozenset[str] = frozenset()
) -> tuple[float | None, State]:
    """Return the Ct and what it says of the reaction; the caller keeps the text.

    A blank is no data. A word for "not reached", NaN, a value of 0 or less, and a value at or
    beyond the number of cycles (instruments write 40.0, 100, -1, 0) are undetermined.

    Args:
        cell: The cell as exported.
        comma: What a comma means in this file.
        n_cycles: Cycles run on this plate; None where the file does not tell it.
        missing: Further words for "not reached", casefolded.

    Raises:
        ValueError: Neither a number nor a known word, or a number that no run reaches.
    """
    text = text_of(cell)
    if not text:
        return None, State.NO_DATA
    if text.casefold() in NOT_REACHED or text.casefold() in missing:
        return None, State.UNDETERMINED
    try:
        ct = number_of(cell, comma)
    except ValueError as problem:
        if "comma" in str(problem):
            raise
        raise ValueError(f"{shown(text)}; expected a number or Undetermined") from None
    if ct is not None and ct > CYCLES_MAX:
        problem = "beyond the cycles of any run; the decimal mark was lost; export it again"
        raise ValueError(f"{shown(text)}, {problem}")
    if ct is None or ct <= 0 or ct >= (n_cycles or math.inf) or ct in NOT_REACHED_NUMBERS:
        return None, State.UNDETERMINED
    return ct, State.OK
