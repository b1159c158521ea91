"""The plate of a run as the page gets it: one JSON island, which is read when the run is opened.

Texts stand once, in `texts`; the columns of `named` hold their places in it. A column in which
every row is the same holds that one value instead of a list.
"""

import json
from base64 import b64encode
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from breakpoint_pcr.report.plate import FORMATS, place_of
from breakpoint_pcr.summary.history import FinishedRun
from breakpoint_pcr.summary.traces import Packed, Trace
from breakpoint_pcr.summary.wording import PageWords
from breakpoint_pcr.tables import Reaction, Well

# In a JSON string these mean the same escaped, and then can neither end the island nor open markup.
ISLAND_ESCAPES = {ord(c): f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029"}


def island(data: Mapping[str, Any]) -> str:
    """Return data as JSON that cannot end its script element."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.translate(ISLAND_ESCAPES)


def plate_islands(history: Iterable[FinishedRun], limit: float, words: PageWords) -> str:
    """Return a script element for each run that has reactions; its id is plate- and its place."""
    return "\n".join(
        f'<script type="application/json" id="plate-{place}">{_plate(run, limit, words)}</script>'
        for place, run in enumerate(history)
        if run.traces
    )


def _plate(run: FinishedRun, limit: float, words: PageWords) -> str:
    judged = {(well.well, well.assay): well for well in run.wells}
    known: dict[str, int] = {}
    named: dict[str, list[int]] = defaultdict(list)
    numbers: dict[str, list[float | None]] = defaultdict(list)
    for trace in run.traces:
        key = (trace.reaction.well, trace.reaction.assay)
        for name, text in _texts(trace.reaction, judged.get(key), limit, words).items():
            named[name].append(known.setdefault(text, len(known)))
        for name, number in _numbers(trace).items():
            numbers[name].append(number)
    return island(
        {
            "size": _size(run),
            "count": len(run.traces),
            "texts": list(known),
            "named": {name: _column(column) for name, column in named.items()},
            "numbers": {name: _column(column) for name, column in numbers.items()},
            "curves": _curves(trace.curve for trace in run.traces),
        }
    )


def _column(values: Sequence[Any]) -> Any:  # noqa: ANN401
    return values[0] if len(set(values)) == 1 else values


def _size(run: FinishedRun) -> tuple[int, int]:
    """Return rows and columns: those of the plate, or more where a well lies outside."""
    rows, columns = FORMATS.get(run.record.plate_wells, (1, 1))
    places = [place for t in run.traces if (place := place_of(t.reaction.well))]
    return (
        max([rows, *(row + 1 for row, _ in places)]),
        max([columns, *(column + 1 for _, column in places)]),
    )


def _texts(reaction: Reaction, well: Well | None, limit: float, words: PageWords) -> dict[str, str]:
    """Return the texts of a reaction; one that is not of the panel has no outcome."""
    ct = reaction.ct if well is None else well.ct
    return {
        "well": reaction.well,
        "sample": reaction.sample,
        "assay": reaction.assay or reaction.target,
        "role": reaction.role.value,
        "state": reaction.state.value,
        "outcome": "" if well is None else well.outcome.value,
        "ct_text": "" if ct is None else words.report.ct(ct, limit),
        "ct_own_text": _own_ct(well, limit, words),
        "curve": "" if well is None else well.curve.value,
        "reason": "" if well is None else words.report.told(well.reason),
        "unit": reaction.curve_kind.value,
    }


def _own_ct(well: Well | None, limit: float, words: PageWords) -> str:
    known = well is not None and well.ct_own is not None
    return words.report.ct(well.ct_own, limit) if well and known else ""


def _numbers(trace: Trace) -> dict[str, float | int | None]:
    reaction = trace.reaction
    row, column = place_of(reaction.well) or (None, None)
    intercept, slope = trace.baseline or (None, None)
    return {
        "row": row,
        "column": column,
        "ct": _short(reaction.ct),
        "threshold": _short(reaction.threshold),
        "intercept": _short(intercept),
        "slope": _short(slope),
        "low": trace.curve.low,
        "step": trace.curve.step,
        "cycles": len(trace.curve.steps),
    }


def _short(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.7g}")


def _curves(curves: Iterable[Packed]) -> str:
    """Return all curves one behind the other, 2 bytes a value, low byte first, as base64."""
    return b64encode(b"".join(curve.steps.tobytes() for curve in curves)).decode()
