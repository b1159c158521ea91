"""The results of an EDS file: text in version 1, JSON in version 2.

Version 1: a row per reaction, then rows that begin with `Rn values` and `Delta Rn values`. A Ct
equal to the number of cycles means not reached. Version 2: a cq of -1 means that.
"""

import io
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import cast

from breakpoint_pcr.errors import ExportError, NoResultsError
from breakpoint_pcr.ingest.cells import exact_text_of, listed, shown
from breakpoint_pcr.ingest.checks import crossing
from breakpoint_pcr.ingest.ct import judge_ct
from breakpoint_pcr.ingest.export import CYCLES_MAX, Record
from breakpoint_pcr.ingest.files.extent import check_reactions
from breakpoint_pcr.ingest.formats.eds_archive import Archive, Object, well_at
from breakpoint_pcr.ingest.formats.eds_plate import Plate, mapping, objects, string, true, whole
from breakpoint_pcr.ingest.formats.sections import folded
from breakpoint_pcr.ingest.formats.setup import Planned, task_of
from breakpoint_pcr.ingest.numerals import Comma, number_of
from breakpoint_pcr.ingest.wells import PLATES
from breakpoint_pcr.tables import CurveKind, State

RESULTS_TEXT = "apldbio/sds/analysis_result.txt"
RESULTS_JSON = "primary/analysis_result.json"
RN, DELTA_RN = "rn values", "delta rn values"
CT_HEADINGS = ("ct", "cq", "crt")
TARGET_HEADINGS = ("detector", "target name", "target")
SMALL_PLATE = 96
NAN = "NaN"
Values = tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """One reaction as the results have it; `ct` is the cell, `rn` and `delta_rn` by cycle."""

    well: str
    sample: str
    target: str
    task: str
    omitted: bool
    ct: str | float
    rn: Values
    delta_rn: Values
    threshold: float | None = None
    baseline_start: int | None = None
    baseline_end: int | None = None
    flags: tuple[str, ...] = ()


def cycles_of(archive: Archive, reactions: Sequence[Found]) -> int | None:
    """Return the cycles that the plate was run for; None without any curve.

    Raises:
        ExportError: The curves are of different lengths.
    """
    lengths = {len(values) for r in reactions for values in (r.rn, r.delta_rn) if values}
    if len(lengths) > 1:
        raise ExportError(
            archive.file,
            f"curves of {min(lengths)} to {max(lengths)} cycles on one plate; the file is damaged; "
            "export the run as xlsx",
        )
    return next(iter(lengths), None)


def is_threshold_of(
    reactions: Sequence[Found], threshold: float, *, limit: float, n_cycles: int | None
) -> bool:
    """Tell whether most curves cross the threshold within `limit` cycles of their Cts."""
    near = [
        _crosses_near(found, ct, threshold, limit)
        for found in reactions
        if (ct := _ct_of(found, n_cycles)) is not None and found.delta_rn
    ]
    return sum(near) > len(near) / 2


def _crosses_near(found: Found, ct: float, threshold: float, limit: float) -> bool:
    cycle = crossing(found.delta_rn, threshold)
    return cycle is not None and abs(cycle - ct) <= limit


def _ct_of(found: Found, n_cycles: int | None) -> float | None:
    try:
        return judge_ct(found.ct, comma=Comma.ABSENT, n_cycles=n_cycles)[0]
    except ValueError:
        return None


def record_of(archive: Archive, found: Found, planned: Planned, *, n_cycles: int | None) -> Record:
    """Return the record of a reaction: what the results leave out is as planned.

    Raises:
        ExportError: Its Ct is no number.
    """
    try:
        ct, state = judge_ct(found.ct, comma=Comma.ABSENT, n_cycles=n_cycles)
    except ValueError as problem:
        raise ExportError(archive.file, f"Ct of {found.well} is {problem}") from None
    values, kind = found.delta_rn, CurveKind.DELTA_RN
    if not values:
        values, kind = found.rn, CurveKind.RN
    return Record(
        *(found.well, found.sample or planned.sample, found.target),
        *(task_of(found.task, planned.task), planned.dye),
        state=State.OMITTED if found.omitted else state,
        ct=ct,
        ct_text=exact_text_of(found.ct),
        threshold=found.threshold,
        baseline_start=found.baseline_start,
        baseline_end=found.baseline_end,
        curve_kind=kind if values else CurveKind.NONE,
        values=values,
        flags=found.flags,
    )


@dataclass(frozen=True, slots=True)
class _Block:
    """A row of version 1 by heading, its line, and the series that follow it."""

    line: int
    cells: dict[str, str]
    series: dict[str, Sequence[str]]


def read_text(archive: Archive, plate: Plate) -> tuple[list[Found], int, str]:
    """Return the reactions of version 1, the size of the plate, and the folded heading of the Cts.

    Raises:
        ExportError: A table without Ct, a damaged row, or a reaction that stands twice.
    """
    headings, blocks = _blocks(archive)
    ct = next((name for name in CT_HEADINGS if name in headings), "")
    target = next((name for name in TARGET_HEADINGS if name in headings), "")
    if not ct or not target:
        raise NoResultsError(
            archive.file,
            f"results without Ct; found {listed(headings) or 'none'}; expected an "
            "amplification run; genotyping and melt runs cannot be read",
        )
    indices = [_whole(archive, block) for block in blocks]
    size = plate.wells or (SMALL_PLATE if max(indices, default=0) < SMALL_PLATE else max(PLATES))
    reactions: list[Found] = []
    for index, block in zip(indices, blocks, strict=True):
        try:
            well = well_at(index, size)
            name = block.cells.get(target, "")
            reactions.append(
                Found(
                    well=well,
                    sample=block.cells.get("sample name", ""),
                    target=name,
                    task=block.cells.get("task", ""),
                    omitted=well in plate.omitted,
                    ct=block.cells.get(ct, ""),
                    rn=_series(block, RN),
                    delta_rn=_series(block, DELTA_RN),
                    flags=plate.flags.get((well, name), ()),
                )
            )
        except ValueError as problem:
            raise _row_problem(archive, block, str(problem)) from None
    return reactions, size, ct


def _blocks(archive: Archive) -> tuple[list[str], list[_Block]]:
    text = archive.text_of(RESULTS_TEXT) or ""
    headings: list[str] = []
    blocks: list[_Block] = []
    # By line ends alone: a name may hold another of the characters that `splitlines` parts at.
    for number, line in enumerate(io.StringIO(text, newline=None), start=1):
        cells = [cell.strip() for cell in line.split("\t")]
        if not headings:
            if folded(cells[0]) == "well":
                headings = [folded(cell) for cell in cells]
            continue
        if cells[0].isascii() and cells[0].isdigit():
            named: dict[str, str] = {}
            for heading, cell in zip(headings, cells, strict=False):
                named.setdefault(heading, cell)
            blocks.append(_Block(number, named, {}))
            check_reactions(archive.file, len(blocks))
        elif cells[0] and blocks and folded(cells[0]) in (RN, DELTA_RN):
            if folded(cells[0]) in blocks[-1].series:
                raise _row_problem(archive, blocks[-1], f"{cells[0]} stand twice")
            blocks[-1].series[folded(cells[0])] = cells[1:]
    return headings, blocks


def _whole(archive: Archive, block: _Block) -> int:
    text = block.cells["well"]
    if len(text) > len(str(max(PLATES))):
        raise _row_problem(archive, block, f"{shown(text)} is no well")
    return int(text)


def _series(block: _Block, name: str) -> Values:
    cells = list(block.series.get(name, ()))
    while cells and not cells[-1]:
        cells.pop()
    if len(cells) > CYCLES_MAX:
        raise ValueError(f"{len(cells)} cycles; at most {CYCLES_MAX} expected")
    values = tuple(number_of(cell, Comma.ABSENT) for cell in cells)
    return values if any(value is not None for value in values) else ()


def _row_problem(archive: Archive, block: _Block, problem: str) -> ExportError:
    where = f"{archive.file} {RESULTS_TEXT}"
    return ExportError(where, f"{problem}; the file is damaged; export the run as xlsx", block.line)


def read_json(archive: Archive, plate: Plate) -> list[Found]:
    """Return the reactions of version 2.

    Raises:
        ExportError: No result of a well, or a damaged one.
    """
    root = archive.json_of(RESULTS_JSON)
    try:
        wells = objects(root or {}, "wellResults")
        groups = len(objects(root or {}, "replicateGroupResults"))
        reactions = [found for entry in wells for found in _json_reactions(entry, plate)]
    except ValueError as problem:
        raise ExportError(
            f"{archive.file} {RESULTS_JSON}", f"{problem}; damaged; export the run as xlsx"
        ) from None
    if not wells:
        found = f"{groups} results of replicate groups" if groups else "no result"
        raise NoResultsError(
            archive.file,
            f"EDS file with {found} and no Ct of a well; analyse the run in Design & Analysis and "
            "export it as xlsx with Results and Amplification Data ticked",
        )
    return reactions


def _json_reactions(entry: Object, plate: Plate) -> Iterator[Found]:
    well = well_at(whole(entry, "wellIndex"), plate.wells or SMALL_PLATE)
    for reaction in objects(entry, "reactionResults"):
        values = mapping(reaction, "amplificationResult")
        yield Found(
            well=well,
            sample=string(entry, "sampleName"),
            target=string(reaction, "targetName"),
            task=string(reaction, "task"),
            omitted=true(reaction, "omitted") or well in plate.omitted,
            ct=_cq(values),
            rn=_numbers(values, "rn"),
            delta_rn=_numbers(values, "deltaRn"),
            threshold=_number(values, "ctThreshold"),
            baseline_start=_cycle(values, "ctBaselineStart"),
            baseline_end=_cycle(values, "ctBaselineEnd"),
            flags=_words(reaction, "resultQCIssues"),
        )


def _cq(values: Object) -> str | float:
    """Return the cq; empty where the file has none, NaN as its word."""
    found = values.get("cq")
    number = None if found is None else _finite(found)
    return NAN if number is None and found is not None else "" if number is None else number


def _words(owner: Object, key: str) -> tuple[str, ...]:
    found = owner.get(key)
    items = cast("Sequence[object]", found) if isinstance(found, list) else ()
    return tuple(item.strip() for item in items if isinstance(item, str) and item.strip())


def _number(owner: Object, key: str) -> float | None:
    found = owner.get(key)
    return None if found is None else _finite(found)


def _cycle(owner: Object, key: str) -> int | None:
    number = _number(owner, key)
    return int(number) if number is not None and number >= 0 and number.is_integer() else None


def _numbers(owner: Object, key: str) -> Values:
    found = owner.get(key)
    if not isinstance(found, list):
        return ()
    items = cast("Sequence[object]", found)
    if len(items) > CYCLES_MAX:
        raise ValueError(f"{len(items)} cycles; at most {CYCLES_MAX} expected")
    values = tuple(None if item is None else _finite(item) for item in items)
    return values if any(value is not None for value in values) else ()


def _finite(found: object) -> float | None:
    if isinstance(found, bool) or not isinstance(found, int | float):
        raise ValueError(f"{shown(str(found))} is no number")  # noqa: TRY004
    try:
        number = float(found)
    except OverflowError:
        raise ValueError("a number is too large") from None
    if math.isinf(number):
        raise ValueError("a number is infinite")
    return None if math.isnan(number) else number
