"""The curves of a Thermo Fisher export, from its table of amplification data."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from breakpoint_pcr.errors import ExportError
from breakpoint_pcr.ingest.cells import Cell, shown, text_of
from breakpoint_pcr.ingest.export import CYCLES_MAX
from breakpoint_pcr.ingest.formats.sections import Sections, Table
from breakpoint_pcr.ingest.numerals import Comma, number_of
from breakpoint_pcr.ingest.wells import well_of
from breakpoint_pcr.tables import CurveKind

AMPLIFICATION = "amplification data"
Key = tuple[str, str]  # well and target
Point = tuple[float | None, float | None]  # Rn and ΔRn


@dataclass(frozen=True, slots=True)
class Traces:
    """The curves of a plate. `n_cycles` is the highest cycle seen, None without any."""

    kinds: Mapping[Key, CurveKind]
    values: Mapping[Key, tuple[float | None, ...]]
    n_cycles: int | None


def traces_of(sections: Sections, size: int | None) -> Traces:
    """Return the curves of a plate of so many wells: ΔRn where exported, else Rn.

    Raises:
        ExportError: A column is missing, or a row is cut off or damaged.
    """
    table = sections.tables.get(AMPLIFICATION)
    if table is None:
        return Traces({}, {}, None)
    table.need("well", "cycle", "target", advice="export again with Amplification Data ticked")
    points: dict[Key, dict[int, Point]] = {}
    last = 0
    for line, key, cycle, point in _points(table, sections.comma, size):
        last = max(last, cycle)
        if not key[1] and point == (None, None):
            continue
        curve = points.setdefault(key, {})
        if cycle in curve:
            raise ExportError(
                table.where, f"cycle {cycle} stands twice for one reaction; export again", line
            )
        curve[cycle] = point
    return _joined(table.where, points, last)


def _points(table: Table, comma: Comma, size: int | None) -> Iterator[tuple[int, Key, int, Point]]:
    """Yield line, reaction, cycle and (Rn, ΔRn); the hot loop of reading, so without `Row`."""
    columns = table.columns
    well, target, cycle = (
        columns.get("position", columns["well"]),
        columns["target"],
        columns["cycle"],
    )
    rn, drn = columns.get("rn"), columns.get("drn")
    # Few cells stand for many rows: a reaction has one row a cycle.
    keys: dict[tuple[type, Cell, type, Cell], Key] = {}
    for line, cells in table.lines:
        width = len(cells)
        if width <= max(well, cycle):
            raise ExportError(table.where, "the row is cut off; export again", line)
        name = cells[target] if target < width else ""
        named = (type(cells[well]), cells[well], type(name), name)
        try:
            number = number_of(cells[cycle], comma) or 0.0
            if not (1 <= number <= CYCLES_MAX and number.is_integer()):
                raise ValueError(f"no cycle from 1 to {CYCLES_MAX}")  # noqa: TRY301
            if named not in keys:
                keys[named] = (well_of(text_of(cells[well]), size), text_of(name))
            point = (
                number_of(cells[rn], comma) if rn is not None and rn < width else None,
                number_of(cells[drn], comma) if drn is not None and drn < width else None,
            )
        except ValueError as problem:
            raise ExportError(table.where, f"{problem}; export again", line) from None
        yield line, keys[named], int(number), point


def _joined(where: str, points: Mapping[Key, Mapping[int, Point]], last: int) -> Traces:
    kinds: dict[Key, CurveKind] = {}
    values: dict[Key, tuple[float | None, ...]] = {}
    for (well, target), curve in points.items():
        if max(curve) < last:
            raise ExportError(
                where,
                f"curve of {well} {shown(target)} ends at cycle {max(curve)} of {last}; "
                "the file is cut off; copy or export it again",
            )
        column = 1 if any(drn is not None for _, drn in curve.values()) else 0
        series = tuple(curve.get(cycle, (None, None))[column] for cycle in range(1, last + 1))
        if any(value is not None for value in series):
            values[well, target] = series
            kinds[well, target] = CurveKind.DELTA_RN if column else CurveKind.RN
    return Traces(kinds, values, last or None)
