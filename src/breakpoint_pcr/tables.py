r"""Every table between stages: its columns, their types and units, how to write and read it.

A table is a frozen dataclass, one field per column, in column order. Files are UTF-8, tab
separated, one header line, `\n` line ends. Missing is the empty cell and `None`, never a number.
A text cell that a spreadsheet would run as a formula gets a leading apostrophe, which reading
takes off again.
"""

import csv
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import Field, dataclass, field, fields
from enum import StrEnum
from functools import cache
from pathlib import Path
from types import NoneType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from breakpoint_pcr.errors import TableError

FORMULA = re.compile(r"'*[=+\-@][\s\S]")  # a sign alone, such as a strand, is no formula
NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?(?:e[+-]?[0-9]+)?")
LIST_SEPARATOR = ";"
RUN_AGAIN = "delete the file and run again"
Row = TypeVar("Row")


def column(doc: str, unit: str = "", *, spread: bool = False, name: str = "") -> Any:  # noqa: ANN401
    """Describe a column.

    Args:
        doc: What it holds.
        unit: Unit of its numbers.
        spread: The field is a mapping whose keys become columns of their own.
        name: Heading, where it cannot be the field's name.
    """
    return field(metadata={"doc": doc, "unit": unit, "spread": spread, "name": name})


def heading(described: Field[Any]) -> str:
    """Return the heading of a column."""
    return described.metadata["name"] or described.name


class Role(StrEnum):
    """What a well is on the plate for."""

    UNKNOWN = "unknown"
    NTC = "ntc"
    POSITIVE_CONTROL = "positive_control"
    NEGATIVE_CONTROL = "negative_control"
    STANDARD = "standard"


CONTROL_ROLES = (Role.NTC, Role.POSITIVE_CONTROL, Role.NEGATIVE_CONTROL)


class State(StrEnum):
    """What the export says of a reaction. Four ways to have no Ct stay four different things."""

    OK = "ok"
    UNDETERMINED = "undetermined"
    EMPTY = "empty"
    OMITTED = "omitted"
    NO_DATA = "no_data"


class CurveKind(StrEnum):
    """What the fluorescence values of a curve are."""

    DELTA_RN = "dRn"
    RN = "Rn"
    RFU = "rfu"
    RAW = "raw"
    NONE = "none"


class CurveClass(StrEnum):
    """How a curve looks."""

    STANDARD = "standard"
    REVIEW = "review"
    NONE = "none"
    MISSING = "missing"


class Outcome(StrEnum):
    """What a reaction says."""

    POSITIVE = "positive"
    NEGATIVE = "negative"
    REVIEW = "review"
    INVALID = "invalid"


class Call(StrEnum):
    """What a sample is called when it is not called by the label of its one class."""

    MIXED = "mixed"
    NEGATIVE = "negative"
    INCONCLUSIVE = "inconclusive"
    INVALID = "invalid"


class Level(StrEnum):
    """How much a finding weighs."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Amplifies(StrEnum):
    """Whether an allele gives a product with a pair."""

    MUST = "must"
    MAY = "may"
    NONE = "none"


class Verdict(StrEnum):
    """The judgement on a primer, a site or a panel."""

    PASS = "PASS"  # noqa: S105
    CHECK = "CHECK"
    FAIL = "FAIL"


@dataclass(frozen=True, slots=True)
class Reaction:
    """reactions.tsv: one assay in one well, as exported."""

    run: str = column("run folder")
    file: str = column("export that holds the reaction")
    well: str = column("well, A1 style")
    sample: str = column("sample name")
    assay: str = column("assay of the panel; empty when the target is not in the panel")
    target: str = column("target name in the export")
    dye: str = column("reporter dye")
    role: Role = column("what the well is for")
    state: State = column("what the export says of the reaction")
    ct: float | None = column("instrument's Ct, unrounded", "cycles")
    ct_text: str = column("the export's own word or number")
    threshold: float | None = column("instrument's threshold", "fluorescence")
    baseline_start: int | None = column("first baseline cycle", "cycle")
    baseline_end: int | None = column("last baseline cycle", "cycle")
    curve_kind: CurveKind = column("what the curve's values are")
    n_cycles: int | None = column("cycles run", "cycles")
    input_ng: float | None = column("DNA in the reaction", "ng")


@dataclass(frozen=True, slots=True)
class Curve:
    """curves.tsv: one row per reaction with a curve, in the order of reactions.tsv."""

    run: str
    well: str
    assay: str
    values: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Well:
    """wells.tsv: one row per reaction of the panel, judged."""

    run: str = column("run folder")
    well: str = column("well, A1 style")
    sample: str = column("sample name")
    assay: str = column("assay of the panel")
    role: Role = column("what the well is for")
    state: State = column("what the export says of the reaction")
    ct: float | None = column("instrument's Ct, unrounded", "cycles")
    ct_text: str = column("the export's own word or number")
    ct_own: float | None = column("Ct computed from the curve", "cycles")
    curve: CurveClass = column("class of the curve")
    curve_reasons: tuple[str, ...] = column("why the curve is not standard")
    outcome: Outcome = column("what the reaction says")
    reason: str = column("why, in words")


@dataclass(frozen=True, slots=True)
class Sample:
    """samples.tsv: one row per sample of role unknown."""

    run: str = column("run folder")
    sample: str = column("sample name")
    call: str = column("class label, mixed, negative, inconclusive or invalid")
    deletions: tuple[str, ...] = column("classes found under every reading")
    candidates: tuple[str, ...] = column("calls that remain possible when inconclusive")
    evidence: str = column("wells, Cts and products behind the call")
    flags: tuple[str, ...] = column("flags")
    reason: str = column("why, in words")
    cts: Mapping[str, str] = column("Ct per assay; replicates joined by ;", "cycles", spread=True)


@dataclass(frozen=True, slots=True)
class Finding:
    """findings.tsv: anything that a person should read."""

    level: Level = column("error, warning or info")
    scope: str = column("run, assay, sample, well or primer")
    subject: str = column("which one")
    code: str = column("stable name of the finding")
    sentence: str = column("the finding, in words")


@dataclass(frozen=True, slots=True)
class Site:
    """sites.tsv: one place where a primer may bind."""

    primer: str = column("primer")
    record: str = column("reference record")
    start: int = column("first base, 0-based", "nt")
    end: int = column("after the last base, 0-based half-open", "nt")
    strand: str = column("+ or -: strand whose 5'-3' sequence the primer equals")
    mismatches: int = column("substituted bases", "nt")
    gaps: int = column("inserted and deleted bases", "nt")
    edits: int = column("mismatches and gaps", "nt")
    alignment: str = column("primer / marks (| . -) / site, 5'-3' of the primer")
    verdict: Verdict = column("judgement of the site")


@dataclass(frozen=True, slots=True)
class Oligo:
    """oligos.tsv: thermodynamics of each oligo at the configured conditions."""

    name: str = column("oligo")
    sequence: str = column("5'-3'")
    length_nt: int = column("length", "nt")
    gc_percent: float = column("G and C", "%")
    tm_celsius: float = column("melting temperature", "°C")
    hairpin_tm_celsius: float | None = column("melting temperature of the best hairpin", "°C")
    hairpin_dg_kcal: float | None = column("free energy of the best hairpin", "kcal/mol")
    self_dimer_tm_celsius: float | None = column("melting temperature of the self-dimer", "°C")
    self_dimer_dg_kcal: float | None = column("free energy of the self-dimer", "kcal/mol")
    end_stability_dg_kcal: float | None = column(
        "free energy of the 3'-terminal pentamer", "kcal/mol"
    )


@dataclass(frozen=True, slots=True)
class Dimer:
    """dimers.tsv: each pair of oligos of the panel."""

    first: str = column("oligo")
    second: str = column("oligo")
    tm_celsius: float | None = column("melting temperature of the hetero-dimer", "°C")
    dg_kcal: float | None = column("free energy of the hetero-dimer", "kcal/mol")
    three_prime_dg_kcal: float | None = column(
        "free energy with a 3' end in the duplex", "kcal/mol"
    )
    share_an_assay: bool = column("whether the two meet in a reaction")


@dataclass(frozen=True, slots=True)
class Product:
    """products.tsv: what each allele gives with each pair of each assay."""

    allele: str = column("allele model: wild type, or a class with its form")
    deletion: str = column("class label; empty for the wild type", name="class")
    assay: str = column("assay")
    forward: str = column("forward primer")
    reverse: str = column("reverse primer")
    size_min: int | None = column("shortest product; empty when the pair does not face", "bp")
    size_max: int | None = column("longest product; empty when only a lower bound is known", "bp")
    product: Amplifies = column("must, may (long product) or none")


@dataclass(frozen=True, slots=True)
class Pattern:
    """decision_table.tsv: the call of one pattern of positive and negative assays."""

    assays: Mapping[str, str] = column("1 positive, 0 negative", spread=True)
    call: str = column("class label, mixed, negative or inconclusive")
    deletions: tuple[str, ...] = column("classes found")
    flags: tuple[str, ...] = column("flags")


@dataclass(frozen=True, slots=True)
class Feature:
    """features.tsv: what was measured on each curve."""

    run: str = column("run folder")
    well: str = column("well, A1 style")
    assay: str = column("assay of the panel")
    values: Mapping[str, str] = column("features of breakpoint_pcr.curves", spread=True)


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
