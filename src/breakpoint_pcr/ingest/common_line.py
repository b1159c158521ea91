"""Cts without a threshold beside them: the curves themselves show the line that they stand on.

A CFX draws one line of RFU per dye, SDS and EDS one of ΔRn per target, and do not export it. On
real plates (CFX: 45 and 73 wells; seven targets of ABI plates) the curves pass their Cts at one
height, to all digits exported (CFX) or within 0.11 cycles (ABI). A single Ct off that line was
edited or is of another curve; where many are off, the curves are of another run, or no line was
used (Cq determination mode Regression of a CFX). Where the dye's targets have a line each, that is
a warning.
"""

import math
from collections.abc import Iterator, Sequence

from breakpoint_pcr.errors import ExportError
from breakpoint_pcr.ingest.checks import CRT, crossing
from breakpoint_pcr.ingest.merging import Placed
from breakpoint_pcr.tables import CurveKind, Finding, Level

KINDS = frozenset({CurveKind.RFU, CurveKind.DELTA_RN})
# Fewer Cts show no line.
CTS_MIN = 3
# Share of Cts off the line up to which it is still taken for the line.
OFF_SHARE_MAX = 0.2
# Share from which the curves cannot be those of the Cts.
FOREIGN_SHARE_MIN = 0.5

Point = tuple[Placed, float]  # a reaction, and the height of its curve at its Ct


def check_common_lines(places: Sequence[Placed], limit: float) -> Iterator[Finding]:
    """Yield a finding for each Ct more than `limit` cycles from where its curve meets the line.

    Raises:
        ExportError: Half of the Cts or more are, and the curves come from another file.
    """
    groups: dict[tuple[str, str], list[Point]] = {}
    for place in places:
        height = _height(place)
        if height is not None:
            record = place.record
            name = record.dye if record.curve_kind is CurveKind.RFU else record.target
            groups.setdefault((place.export.file, name), []).append((place, height))
    for (file, name), group in groups.items():
        if len(group) >= CTS_MIN:
            yield from _check_group(file, name, group, limit)


def _height(place: Placed) -> float | None:
    """Return the height of the curve at its Ct; None where a threshold is exported, or no Ct."""
    record = place.record
    if record.ct is None or record.threshold is not None:
        return None
    if record.curve_kind not in KINDS or place.export.ct_kind == CRT:
        return None
    if not 1 <= record.ct < len(record.values):
        return None
    cycle = math.floor(record.ct)
    before, after = record.values[cycle - 1 : cycle + 1]
    if before is None or after is None:
        return None
    return before + (record.ct - cycle) * (after - before)


def _check_group(file: str, dye: str, group: Sequence[Point], limit: float) -> Iterator[Finding]:
    line, off = _off_line(group, limit)
    if len(off) <= OFF_SHARE_MAX * len(group):
        yield from (_finding(place, dye, line) for place in off)
        return
    are_foreign = len(off) >= FOREIGN_SHARE_MIN * len(group) and group[0][0].export.curve_files
    if are_foreign and not _has_line_a_target(group, limit):
        raise ExportError(
            file,
            f"{len(off)} of {len(group)} curves of {dye} do not cross one line at their Cts; the "
            "curves seem to be of another run, or were not analysed with one threshold; export "
            "Cts and curves of one run again, with one threshold",
        )
    sentence = (
        f"{file}: {len(off)} of {len(group)} curves of {dye} do not cross one line at their "
        "Cts; compare threshold and Cts with the instrument's screen"
    )
    yield Finding(Level.WARNING, "run", file, "cts_off_one_line", sentence)


def _off_line(group: Sequence[Point], limit: float) -> tuple[float, list[Placed]]:
    """Return the line that the curves show, and the places whose Cts are off it."""
    from statistics import median  # noqa: PLC0415 - slow to load, and most exports need none

    line = median(height for _, height in group)
    return line, [place for place, _ in group if _is_off(place, line, limit)]


def _has_line_a_target(group: Sequence[Point], limit: float) -> bool:
    """Tell whether every target of the dye has enough Cts, and all of them on a line of its own."""
    targets: dict[str, list[Point]] = {}
    for place, height in group:
        targets.setdefault(place.record.target, []).append((place, height))
    parts = targets.values()
    return len(parts) > 1 and all(
        len(part) >= CTS_MIN and not _off_line(part, limit)[1] for part in parts
    )


def _finding(place: Placed, dye: str, line: float) -> Finding:
    record = place.record
    sentence = (
        f"{record.well} {record.target or dye}: Ct {record.ct_text}, but the curve does not "
        f"cross the line of the other curves of {dye} ({line:.4g}) there"
    )
    return Finding(Level.WARNING, "well", record.well, "ct_off_curve", sentence)


def _is_off(place: Placed, line: float, limit: float) -> bool:
    cycle, ct = crossing(place.record.values, line), place.record.ct
    return cycle is None or ct is None or abs(cycle - ct) > limit
