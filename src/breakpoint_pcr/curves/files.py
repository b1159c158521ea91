"""Classify a table of curves: `breakpoint-pcr classify-curves IN.tsv OUT.tsv`."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from breakpoint_pcr.curves.classes import judge_curves
from breakpoint_pcr.curves.features import measure_curves
from breakpoint_pcr.curves.limits import CurveLimits
from breakpoint_pcr.errors import TableError
from breakpoint_pcr.tables import CurveClass, column, write_table

IDENTIFIER = "curve_id"
REFERENCE = "reference_amplitude"
MISSING = frozenset(["", "na", "nan", "null"])


@dataclass(frozen=True, slots=True)
class ClassifiedCurve:
    """One row of OUT.tsv."""

    curve_id: str = column("curve, as in the input")
    curve: CurveClass = column("class of the curve")
    reasons: tuple[str, ...] = column("why the curve is not standard")
    ct_own: float | None = column("Ct computed from the curve", "cycles")


@dataclass(frozen=True, slots=True)
class _Table:
    """The input: one entry per curve."""

    names: list[str]
    references: list[float | None]
    values: list[list[float | None]]


def classify_file(source: Path, target: Path, limits: CurveLimits) -> None:
    """Classify every curve of a table and write one row per curve, in the same order.

    Args:
        source: Tab-separated text: curve_id, optional reference_amplitude (in the unit of the
            curve), then one column per cycle, 1 to n. Shorter curves end with empty cells.
        target: Table to write: curve_id, curve, reasons, ct_own.
        limits: The limits of the classes.

    Raises:
        TableError: The table cannot be read.
    """
    table = _read(source)
    features = measure_curves(table.values, limits)
    judged = judge_curves(
        features,
        reference_amplitudes=table.references,
        levels=[None] * len(table.names),
        limits=limits,
    )
    rows = [
        ClassifiedCurve(name, found.curve, found.reasons, found.ct_own)
        for name, found in zip(table.names, judged, strict=True)
    ]
    write_table(target, ClassifiedCurve, rows)


def _read(source: Path) -> _Table:
    """Read the input table."""
    try:
        with source.open(encoding="utf-8-sig", newline="") as file:
            lines = list(csv.reader(file, delimiter="\t"))
    except FileNotFoundError:
        raise TableError(f"{source}: no such file; check the path") from None
    except (OSError, UnicodeDecodeError, csv.Error) as problem:
        raise TableError(f"{source}: {problem}; expected tab-separated UTF-8 text") from None
    header = lines[0] if lines else []
    cycles = _cycle_columns(source, header)
    table = _Table([], [], [])
    for number, cells in enumerate(lines[1:], start=2):
        if not any(cells):
            continue
        if len(cells) > len(header):
            raise TableError(
                f"{source} line {number}: {len(cells)} cells under {len(header)} headings; "
                "remove the surplus cells"
            )
        row = dict(zip(header, cells, strict=False))
        try:
            reference = _number(row.get(REFERENCE, ""))
            values = [_number(row.get(name, "")) for name in cycles]
        except ValueError as problem:
            raise TableError(
                f"{source} line {number}: {problem}; expected a number with a decimal point, "
                "or nothing"
            ) from None
        table.names.append(row[IDENTIFIER])
        table.references.append(reference)
        table.values.append(values)
    return table


def _cycle_columns(source: Path, header: Sequence[str]) -> list[str]:
    """Return the headings of the cycles in order.

    Raises:
        TableError: A heading is missing or unknown, or the cycles are not 1 to n.
    """
    if IDENTIFIER not in header:
        raise TableError(
            f"{source}: column {IDENTIFIER!r} missing; found {', '.join(header[:5]) or 'nothing'}; "
            f"expected {IDENTIFIER}, then 1, 2, 3 ..."
        )
    cycles = [name for name in header if name not in (IDENTIFIER, REFERENCE)]
    expected = [str(cycle) for cycle in range(1, len(cycles) + 1)]
    if not cycles or sorted(cycles) != sorted(expected):
        odd = next((name for name in cycles if name not in expected), "no cycle")
        raise TableError(f"{source}: column {odd!r}; expected one column per cycle, 1, 2, 3 ...")
    return expected


def _number(cell: str) -> float | None:
    """Read one cell; None where it is empty."""
    text = cell.strip()
    return None if text.lower() in MISSING else float(text)
