"""samplesheet.csv: what the laboratory says of its wells. It wins over the export."""

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from breakpoint_pcr.errors import ExportError
from breakpoint_pcr.ingest.cells import listed, shown
from breakpoint_pcr.ingest.export import Record
from breakpoint_pcr.ingest.labels import classes_of
from breakpoint_pcr.ingest.names import NAME_LETTERS_MAX, clean_name
from breakpoint_pcr.ingest.numerals import Comma, number_of
from breakpoint_pcr.ingest.wells import wells_between
from breakpoint_pcr.panel import Panel
from breakpoint_pcr.runs import SheetEntry
from breakpoint_pcr.tables import Call, Role

SHEET_NAME = "samplesheet.csv"
SHEET_BYTES_MAX = 1_000_000
COLUMNS = (
    *("well", "target", "sample", "assay", "role", "expected", "input_ng"),
    *("specimen", "patient_ref", "replicate_of", "exclude"),
    *("copies", "dilution", "marker", "truth"),
)

# What a spreadsheet's user writes for "not excluded", casefolded.
NO_REASON = frozenset({"no", "n", "false", "0", "-", "none", "否", "无"})


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One line of the sheet for one of its wells. `target` tells apart the targets of a well."""

    line: int
    target: str
    entry: SheetEntry


def read_sheet(path: Path, panel: Panel) -> list[SheetRow]:
    """Read the sheet; one row for each well of a range.

    Raises:
        ExportError: A column, well, assay, role, class or number is not what it should be.
    """
    lines = _lines(path)
    header_line, headings = lines[0]
    columns = [heading.strip().casefold() for heading in headings]
    _check_header(header_line, columns)
    rows: list[SheetRow] = []
    for line, cells in lines[1:]:
        if any(cell.strip() for cell in cells[len(columns) :]):
            raise _problem(
                line, f"{len(cells)} cells, the header has {len(columns)}; mend the line"
            )
        values = {name: clean_name(cell) for name, cell in zip(columns, cells, strict=False)}
        rows += _rows(line, {name: values.get(name, "") for name in COLUMNS}, panel)
    return rows


def _problem(line: int, text: str) -> ExportError:
    return ExportError(SHEET_NAME, text, line)


def _lines(path: Path) -> list[tuple[int, list[str]]]:
    if path.stat().st_size > SHEET_BYTES_MAX:
        raise ExportError(
            SHEET_NAME, f"larger than {SHEET_BYTES_MAX} bytes; expected a plate's rows"
        )
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = problem.object.count(b"\n", 0, problem.start) + 1
        raise _problem(line, "not UTF-8; save the sheet as CSV UTF-8") from None
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "\0" in text:
        raise ExportError(SHEET_NAME, "NUL byte; save the sheet as CSV UTF-8")
    head = text.lstrip("\n").split("\n", 1)[0]
    delimiter = max(",;\t", key=head.count)
    rows = (f"{line}\n" for line in text.split("\n"))
    reader = csv.reader(rows, delimiter=delimiter, strict=True)
    lines: list[tuple[int, list[str]]] = []
    first = 1
    try:
        for cells in reader:
            if any(map(str.strip, cells)):
                lines.append((first, cells))
            first = reader.line_num + 1
    except csv.Error as problem:
        raise _problem(first, f"unreadable ({problem}); mend the quotes") from None
    if not lines:
        raise ExportError(SHEET_NAME, "empty; expected a header line with the column 'well'")
    return lines


def _check_header(line: int, columns: Sequence[str]) -> None:
    for column in columns:
        if column not in COLUMNS:
            known = ", ".join(COLUMNS)
            raise _problem(line, f"column {shown(column)} is unknown; expected {known}; rename it")
        if columns.count(column) > 1:
            raise _problem(line, f"column {shown(column)} stands twice; delete one")
    if "well" not in columns:
        raise _problem(line, f"column 'well' missing; found {listed(columns)}; add it")


def _rows(line: int, values: Mapping[str, str], panel: Panel) -> Iterator[SheetRow]:
    """Yield a row per well; a line that holds nothing but wells says nothing."""
    if not values["well"]:
        raise _problem(line, "no well; write one such as A1, or a range such as A1:A6")
    wells = _wells(line, values["well"])
    try:
        entry = SheetEntry(
            well="",
            sample=_short(values["sample"]),
            assay=_assay(values["assay"], panel),
            role=_role(values["role"]),
            expected=classes_of(values["expected"], panel) if values["expected"] else None,
            input_ng=_amount("input_ng", values["input_ng"]),
            specimen=_short(values["specimen"]),
            patient_ref=_short(values["patient_ref"]),
            replicate_of=_short(values["replicate_of"]),
            exclude=_reason(values["exclude"]),
            copies=_amount("copies", values["copies"]),
            dilution=_share("dilution", values["dilution"]),
            marker=classes_of(values["marker"], panel) if values["marker"] else (),
            truth=_truth(values["truth"], panel),
        )
    except ValueError as problem:
        raise _problem(line, str(problem)) from None
    if any(values[name] for name in COLUMNS if name != "well"):
        for well in wells:
            yield SheetRow(line, values["target"], replace(entry, well=well))


def _wells(line: int, text: str) -> tuple[str, ...]:
    try:
        return wells_between(text)
    except ValueError as problem:
        raise _problem(line, f"{problem}; wells are A1 to P24, ranges A1:A6") from None


def _short(text: str) -> str:
    if len(text) > NAME_LETTERS_MAX:
        raise ValueError(
            f"{len(text)} letters, {shown(text)}; at most {NAME_LETTERS_MAX}; shorten it"
        )
    return text


def _assay(text: str, panel: Panel) -> str:
    assay = panel.assay_of_target(text) if text else ""
    if assay is None:
        known = ", ".join(assay.name for assay in panel.assays)
        raise ValueError(f"assay {shown(text)} is unknown; expected one of {known}")
    return assay


def _reason(text: str) -> str:
    """Return why a well is left out; who writes `no` does not mean to leave it out."""
    if text.casefold() in NO_REASON:
        raise ValueError(f"exclude {shown(text)}; expected why the well is left out, or nothing")
    return text


def _role(text: str) -> Role | None:
    word = "_".join(text.casefold().replace("-", " ").replace("_", " ").split())
    if not word:
        return None
    if word not in list(Role):
        raise ValueError(f"role {shown(text)} is unknown; expected one of {', '.join(Role)}")
    return Role(word)


def _amount(column: str, text: str) -> float | None:
    """Return a number above 0; None for a blank cell."""
    if not text:
        return None
    try:
        amount = number_of(text, Comma.ABSENT) or 0.0  # None: the text says NaN
    except ValueError:
        amount = 0.0
    if amount <= 0:
        raise ValueError(f"{column} {shown(text)}; expected a number above 0 with a decimal point")
    return amount


def _share(column: str, text: str) -> float | None:
    share = _amount(column, text)
    if share is not None and share > 1:
        raise ValueError(f"{column} {shown(text)}; expected a share, at most 1, such as 0.001")
    return share


def _truth(text: str, panel: Panel) -> tuple[str, ...] | None:
    if not text:
        return None
    return () if text.casefold() == Call.NEGATIVE else classes_of(text, panel)


def match_rows(
    rows: Sequence[SheetRow],
    records: Sequence[Record],
    assay_of: Callable[[str], str | None],
) -> list[SheetRow | None]:
    """Return for each record the row that speaks of it.

    A row with a target speaks of that one (its dye, where the export names no target); a row with
    an assay and no target of the well's only target, or of the one that has this assay's name; a
    row with neither of all in the well.

    Raises:
        ExportError: A row fits no reaction, or two rows fit one.
    """
    matches: list[SheetRow | None] = [None] * len(records)
    by_well: dict[str, list[int]] = {}
    for index, record in enumerate(records):
        by_well.setdefault(record.well, []).append(index)
    for row in rows:
        well = row.entry.well
        if well not in by_well:
            raise _problem(row.line, f"the export has no reaction in well {well}; mend the line")
        for index in _indices(row, by_well[well], records, assay_of):
            earlier = matches[index]
            if earlier is not None:
                raise _problem(
                    row.line,
                    f"well {well} is spoken of in line {earlier.line} already; delete one line",
                )
            matches[index] = row
    return matches


def check_patients(matches: Sequence[SheetRow | None], samples: Sequence[str]) -> None:
    """Check that no sample is of two patients.

    Raises:
        ExportError: The sheet names two for one sample.
    """
    owners: dict[str, SheetRow] = {}
    for row, sample in zip(matches, samples, strict=True):
        if row is None or not (row.entry.patient_ref and sample):
            continue
        first = owners.setdefault(sample, row)
        if first.entry.patient_ref != row.entry.patient_ref:
            raise _problem(
                row.line,
                f"sample {shown(sample)} has patient_ref {shown(row.entry.patient_ref)}, in line "
                f"{first.line} {shown(first.entry.patient_ref)}; expected one a sample; mend it",
            )


def _indices(
    row: SheetRow,
    indices: Sequence[int],
    records: Sequence[Record],
    assay_of: Callable[[str], str | None],
) -> list[int]:
    targets = [records[index].target or records[index].dye for index in indices]
    if row.target:
        wanted = row.target.casefold()
        chosen = [i for i, t in zip(indices, targets, strict=True) if t.casefold() == wanted]
        problem = f"target {shown(row.target)} is not in well {row.entry.well}"
    elif row.entry.assay and len(indices) > 1:
        chosen = [i for i in indices if assay_of(records[i].target) == row.entry.assay]
        problem = f"assay {row.entry.assay} fits no target of well {row.entry.well}"
    else:
        return list(indices)
    if len(chosen) != 1:
        raise _problem(
            row.line, f"{problem}; found {listed(targets)}; name one in the column 'target'"
        )
    return chosen
