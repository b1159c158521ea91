"""Windows of the locus at base-pair scale: primer sites and breakpoints."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from math import ceil
from typing import Any

from breakpoint_pcr.report.loci import (
    LEFT,
    PRIMER_LETTERS,
    WIDTH,
    Place,
    Stretch,
    best_places,
    first_position,
    label_levels,
    short_name,
)
from breakpoint_pcr.report.wording import Words

MERGE_NT, PAD_NT = 500, 25
GAP = 7.0
LEAST_SHARE = 0.14  # of the row that a window takes at least
TICK_NT = 50
PER_NT_MAX = 0.35  # mm: few short windows are widened rather than drawn large
MOST_IN_A_ROW = 5
ROW_WIDTH = LEFT + WIDTH


def zoom_map(panel: Mapping[str, Any], words: Words) -> dict[str, Any]:
    """Return the windows around primer sites and breakpoints, base-pair scale, in rows."""
    places, ends = best_places(panel), _ends(panel)
    points = [(p.record, p.first, p.last) for p in places]
    points += [(record, *pair) for record, pair, _ in ends]
    bounds = {r["name"]: _bounds(r) for r in panel["reference"]["records"]}
    windows = _windows(points, bounds)
    rows = [[_window(s, places, ends, words) for s in row] for row in _rows(windows, bounds)]
    return {
        "rows": rows,
        "note": words.say("zoom_note"),
        "alt": words.say("zoom_alt", windows=len(windows)),
    }


def _ends(panel: Mapping[str, Any]) -> list[tuple[str, tuple[int, int], str]]:
    """Return (record, range, side) of every breakpoint range of the allele models."""
    main = panel["reference"]["records"][0]["name"]
    found: dict[tuple[str, tuple[int, int], str], None] = {}
    for allele in panel["alleles"]:
        found[main, (allele["left_min"], allele["left_max"]), "left"] = None
        found[allele["right_record"], (allele["right_min"], allele["right_max"]), "right"] = None
    return list(found)


def _bounds(record: Mapping[str, Any]) -> tuple[int, int]:
    first = first_position(record)
    return first, first + record["length"] - 1


def _windows(
    points: Sequence[tuple[str, int, int]], bounds: Mapping[str, tuple[int, int]]
) -> list[tuple[str, int, int]]:
    """Join what lies close together, in the order of the records."""
    found: list[tuple[str, int, int]] = []
    order = list(bounds)
    for record, low, high in sorted(points, key=lambda p: (order.index(p[0]), p[1], p[2])):
        _, first, last = _widened((record, low, high), high - low + 2 * PAD_NT, bounds[record])
        if found and found[-1][0] == record and first - found[-1][2] <= MERGE_NT:
            found[-1] = (record, found[-1][1], max(found[-1][2], last))
        else:
            found.append((record, first, last))
    return found


def _rows(
    windows: Sequence[tuple[str, int, int]], bounds: Mapping[str, tuple[int, int]]
) -> list[list[Stretch]]:
    """Return the windows in even rows, to one scale within a row."""
    rows: list[list[Stretch]] = []
    count = ceil(len(windows) / MOST_IN_A_ROW)
    cuts = [len(windows) * number // count for number in range(count + 1)] if count else []
    for start, end in pairwise(cuts):
        row = windows[start:end]
        share = int(LEAST_SHARE * sum(last - first for _, first, last in row))
        least = max(share, ceil(ROW_WIDTH / len(row) / PER_NT_MAX))
        wide = [_widened(window, least, bounds[window[0]]) for window in row]
        total = sum(last - first + 1 for _, first, last in wide)
        per_nt = (ROW_WIDTH - GAP * (len(row) - 1)) / total
        x, laid = 0.0, list[Stretch]()
        for record, first, last in wide:
            laid.append(Stretch(record, first, last, round(x, 2), per_nt))
            x += laid[-1].width + GAP
        rows.append(laid)
    return rows


def _widened(
    window: tuple[str, int, int], least: int, bounds: tuple[int, int]
) -> tuple[str, int, int]:
    """Widen a window on both sides to so many bases, as far as the record goes."""
    record, first, last = window
    more = max(0, least - (last - first)) // 2
    return record, max(bounds[0], first - more), min(bounds[1], last + more)


def _window(
    stretch: Stretch,
    places: Sequence[Place],
    ends: Sequence[tuple[str, tuple[int, int], str]],
    words: Words,
) -> dict[str, Any]:
    inside = [p for p in places if p.record == stretch.record and _in(stretch, p.first)]
    middles = [
        (stretch.at((p.first + p.last + 1) / 2), short_name(p.primer, PRIMER_LETTERS))
        for p in inside
    ]
    return {
        "x": stretch.x,
        "width": round(stretch.width, 2),
        "title": words.joined(dict.fromkeys(p.region for p in inside)) or stretch.record,
        "first": words.count(stretch.first),
        "last": words.count(stretch.last),
        "ticks": [
            stretch.at(p)
            for p in range(ceil(stretch.first / TICK_NT) * TICK_NT, stretch.last + 1, TICK_NT)
        ],
        "primers": [
            {
                "label": short_name(p.primer, PRIMER_LETTERS),
                "x": stretch.at(p.first),
                "end": stretch.at(p.last + 1),
                "middle": middle,
                "strand": p.strand,
                "exact": p.exact,
                "level": level,
            }
            for p, (middle, _), level in zip(inside, middles, label_levels(middles), strict=True)
        ],
        "ends": [
            {"side": side, "x": stretch.at(low), "end": stretch.at(high + 1)}
            for record, (low, high), side in ends
            if record == stretch.record and _in(stretch, low)
        ],
    }


def _in(stretch: Stretch, position: int) -> bool:
    return stretch.first <= position <= stretch.last
