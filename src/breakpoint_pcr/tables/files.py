"""How tables are written and read."""

import csv
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from types import NoneType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from breakpoint_pcr.errors import TableError
from breakpoint_pcr.tables.columns import heading
from breakpoint_pcr.tables.rows import Curve, Reaction
from breakpoint_pcr.tables.vocabulary import CurveKind

FORMULA = re.compile(r"'*[=+\-@][\s\S]")  # a sign alone, such as a strand, is no formula
NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?(?:e[+-]?[0-9]+)?")
LIST_SEPARATOR = ";"
RUN_AGAIN = "delete the file and run again"
Row = TypeVar("Row")


def _text(value: Any) -> str:  # noqa: ANN401
    """One cell."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return repr(value + 0.0) if value else "0.0"
    if isinstance(value, tuple):
        return neutralised(LIST_SEPARATOR.join(value))
    return neutralised(value) if isinstance(value, str) else str(value)


def neutralised(text: str) -> str:
    """Give text that a spreadsheet would run as a formula a leading apostrophe."""
    return f"'{text}" if FORMULA.match(text) else text


def _measured(text: str | None) -> str:
    """One cell of a spread column; these hold numbers as text, and a negative one is no formula."""
    return text if text and NUMBER.fullmatch(text) else _text(text)


def _plain(text: str) -> str:
    return text[1:] if text.startswith("'") and FORMULA.match(text) else text


def _parser(hint: Any) -> Callable[[str], Any]:  # noqa: ANN401
    """Return the function that reads a cell of this type."""
    if get_origin(hint) is tuple:
        return lambda text: tuple(_plain(text).split(LIST_SEPARATOR)) if text else ()
    options = get_args(hint)
    if NoneType in options:
        inner = _parser(next(option for option in options if option is not NoneType))
        return lambda text: inner(text) if text else None
    if hint is bool:
        return lambda text: text == "true"
    return _plain if hint is str else hint


@dataclass(frozen=True, slots=True)
class _Cell:
    """A fixed column: the field, its heading, and how a cell of it is read."""

    field: str
    heading: str
    parse: Callable[[str], Any]


@cache
def _layout(table: type) -> tuple[tuple[_Cell, ...], str | None]:
    """Return the fixed columns and the name of the spread field."""
    hints = get_type_hints(table)
    spread = next((f.name for f in fields(table) if f.metadata["spread"]), None)
    known = [f for f in fields(table) if f.name != spread]
    return tuple(_Cell(f.name, heading(f), _parser(hints[f.name])) for f in known), spread


def write_table(
    path: Path, table: type[Row], rows: Iterable[Row], keys: Sequence[str] = ()
) -> None:
    """Write the rows under one header line.

    Args:
        path: File to write.
        table: Dataclass of the rows.
        rows: The rows, in order.
        keys: Column names of the spread field, in order, where the table has one.
    """
    columns = fields(table)  # type: ignore[arg-type]
    spread = _layout(table)[1]
    header = [key for f in columns for key in (keys if f.name == spread else [heading(f)])]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter="\t", lineterminator="\n")
        writer.writerow([neutralised(name) for name in header])
        for row in rows:
            cells: list[str] = []
            for name in (f.name for f in columns):
                value = getattr(row, name)
                spread_cells = name == spread
                cells += [_measured(value.get(k)) for k in keys] if spread_cells else [_text(value)]
            writer.writerow(cells)


def read_table(path: Path, table: type[Row]) -> list[Row]:
    """Read the rows of a table.

    Raises:
        TableError: A column is missing, a row has more or fewer cells than the header, or a cell is
            not of its column's type.
    """
    fixed, spread = _layout(table)
    known = {cell.heading for cell in fixed}
    lines = _lines(path)
    header = [_plain(name) for name in lines[0][1]] if lines else []
    if missing := known.difference(header):
        raise TableError(f"{path.name}: column {min(missing)!r} missing; {RUN_AGAIN}")
    rows: list[Row] = []
    for number, cells in lines[1:]:
        try:
            record = _record(header, cells)
            values = {cell.field: cell.parse(record[cell.heading]) for cell in fixed}
        except (ValueError, TypeError) as problem:
            raise TableError(f"{path.name} line {number}: {problem}; {RUN_AGAIN}") from None
        if spread:
            values[spread] = {k: _plain(v) for k, v in record.items() if k not in known}
        rows.append(table(**values))
    return rows


def _record(header: Sequence[str], cells: Sequence[str]) -> dict[str, str]:
    if len(cells) != len(header):
        raise ValueError(f"{len(cells)} cells under {len(header)} headings")
    return dict(zip(header, cells, strict=True))


def _lines(path: Path) -> list[tuple[int, list[str]]]:
    """Return line number and cells of each row that holds something, the header first."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.reader(file, delimiter="\t")
            return [(reader.line_num, cells) for cells in reader if cells]
    except (UnicodeDecodeError, csv.Error) as problem:
        raise TableError(f"{path.name}: no table ({problem}); {RUN_AGAIN}") from None


def write_curves(path: Path, curves: Sequence[Curve]) -> None:
    """Write curves.tsv: run, well, assay, then one column per cycle."""
    cycles = max((len(curve.values) for curve in curves), default=0)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter="\t", lineterminator="\n")
        writer.writerow(["run", "well", "assay", *range(1, cycles + 1)])
        for curve in curves:
            values = [_text(value) for value in curve.values]
            head = [_text(cell) for cell in (curve.run, curve.well, curve.assay)]
            writer.writerow([*head, *values, *[""] * (cycles - len(values))])


def read_curves(path: Path, n_cycles: Sequence[int | None] = ()) -> list[Curve]:
    """Read curves.tsv; `n_cycles` (one per row) cuts the padding of shorter curves.

    Raises:
        TableError: A cell is no number, or there are more or fewer rows than `n_cycles`.
    """
    rows = [cells for _, cells in _lines(path)[1:]]
    lengths = list(n_cycles) or [None] * len(rows)
    try:
        return [
            Curve(_plain(run), well, _plain(assay), _values(cells, length))
            for (run, well, assay, *cells), length in zip(rows, lengths, strict=True)
        ]
    except ValueError as problem:
        raise TableError(f"{path.name}: {problem}; {RUN_AGAIN}") from None


def _values(cells: list[str], length: int | None) -> tuple[float | None, ...]:
    return tuple(float(cell) if cell else None for cell in cells[:length])


def read_traces(reactions: Path, curves: Path) -> tuple[list[Reaction], list[Curve]]:
    """Read reactions.tsv and curves.tsv of a run; curves stand in the order of the reactions."""
    rows = read_table(reactions, Reaction)
    lengths = [row.n_cycles for row in rows if row.curve_kind is not CurveKind.NONE]
    return rows, read_curves(curves, lengths)
