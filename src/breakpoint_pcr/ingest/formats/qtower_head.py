"""What stands above the tables of qPCRsoft (qTOWER): title, device, date and protocol."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from breakpoint_pcr.ingest.cells import Line, is_blank, text_of
from breakpoint_pcr.ingest.dates import iso_date
from breakpoint_pcr.ingest.formats.sections import folded

FORMAT = "qtower"
TITLE, DATE, DEVICE, PROTOCOL = "Title:", "Date/Time:", "Device:", "TC Protocol:"
MANUFACTURER = "Analytik Jena"
# Headings of the protocol; what stands behind them in brackets is left out.
STEP, SCAN, GOTO, LOOPS, DELTA = "steps", "scan", "goto", "loops", "delta temp"
MARK = "*"
COUNT = re.compile(r"[0-9]{1,6}")
TIME = re.compile(r"[0-9]{1,2}:[0-9]{2}.*")


@dataclass(frozen=True, slots=True)
class Head:
    """What the head says; `run` is title and start, `scans` how often each step of it measures.

    A step that climbs or falls by itself is the ramp of a melt and is left out of `scans`.
    """

    run: str
    instrument: str
    run_date: str
    scans: tuple[int, ...]


def head_of(lines: Sequence[Line]) -> Head:
    """Return what the lines above a table say."""
    texts = [[text_of(cell) for cell in cells] for _, cells in lines]
    date = _said(texts, DATE)
    # One version writes start and end, another one date and time.
    start = " ".join(date[:2] if TIME.fullmatch(" ".join(date[1:2])) else date[:1])
    return Head(
        run=", ".join(part for part in (" ".join(_said(texts, TITLE)[:1]), start) if part),
        instrument=" ".join((MANUFACTURER, *_said(texts, DEVICE)[:1])),
        run_date=iso_date(start),
        scans=tuple(_scans(texts)),
    )


def _said(texts: Sequence[Sequence[str]], key: str) -> list[str]:
    """Return the filled cells beside a key."""
    row = next((cells[1:] for cells in texts if cells and cells[0] == key), [])
    return [text for text in row if text]


def _scans(texts: Sequence[Sequence[str]]) -> list[int]:
    """Return how often each measuring step of the protocol measures, ramps left out."""
    start = next((i for i, cells in enumerate(texts) if cells and cells[0] == PROTOCOL), len(texts))
    headings = [folded(cell.partition("(")[0]) for cell in texts[start]] if texts[start:] else []
    if not {STEP, SCAN, GOTO, LOOPS, DELTA} <= set(headings):
        return []
    at = {name: headings.index(name) for name in (STEP, SCAN, GOTO, LOOPS, DELTA)}
    steps: list[Sequence[str]] = []
    for cells in texts[start + 1 :]:
        if is_blank(cells) or cells[0] or len(cells) <= max(at.values()):
            break
        steps.append(cells)
    loops = [
        (int(cells[at[GOTO]]), number, int(cells[at[LOOPS]]) + 1)
        for number, cells in enumerate(steps, 1)
        if COUNT.fullmatch(cells[at[GOTO]]) and COUNT.fullmatch(cells[at[LOOPS]])
        if int(cells[at[GOTO]])
    ]
    ramps = {
        first for first, last, _ in loops if first == last and steps[last - 1][at[DELTA]] != "0"
    }
    measured = [n for n, cells in enumerate(steps, 1) if cells[at[SCAN]] == MARK]
    return [_times(number, loops) for number in measured if number not in ramps]


def _times(step: int, loops: Sequence[tuple[int, int, int]]) -> int:
    """Return how often a step is run: once, or by the loop around it."""
    return next((times for first, last, times in loops if first <= step <= last), 1)
