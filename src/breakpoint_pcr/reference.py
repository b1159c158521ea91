"""The locus: sequence records, exons and recurrent breakpoints.

Inside the package a position is 0-based half-open on the plus strand of its record. Chromosome
positions are 1-based closed, and stand only where people read and in the files of resources/.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, cast

from breakpoint_pcr.errors import LocusError
from breakpoint_pcr.panel import Deletion
from breakpoint_pcr.resources import (
    INFO,
    Row,
    check_keys,
    entries_of,
    inside,
    read_checked,
    read_info,
    rows_of,
    whole_number,
)

BASES = frozenset("ACGTN")
INFO_KEYS = (
    *("gene", "assembly", "sequence_accession", "transcript"),
    *("numbering", "exons", "breakpoints", "records"),
)
RECORD_KEYS = ("name", "file", "sha256", "chromosome", "source")
EXON_COLUMNS = ("exon", "start", "end")
BREAKPOINT_COLUMNS = (
    *("form", "left_last_base", "inserted_nt"),
    *("right_record", "right_first_base", "evidence"),
)
MADE_OF = "a reference is info.yaml, FASTA records and tables"
RESTORE = "restore the file, or make a reference folder of its own"


@dataclass(frozen=True, slots=True)
class Record:
    """One sequence; `chromosome_start` is the 1-based chromosome position of its first base."""

    name: str
    sequence: str
    chromosome: str
    chromosome_start: int | None
    source: str
    sha256: str

    def position(self, index: int) -> int | None:
        """Return the 1-based chromosome position of a base, where it is established."""
        return None if self.chromosome_start is None else self.chromosome_start + index


@dataclass(frozen=True, slots=True)
class Exon:
    """An exon of the locus record, 0-based half-open."""

    number: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Breakpoint:
    """A junction: what is kept left and right of a deletion, and the bases inserted between.

    `left_end` is the index after the last base kept, on the first record. `right_start` is the
    index of the first base kept, on the record named `right_record`.
    """

    form: str
    left_end: int
    inserted_nt: int
    right_record: str
    right_start: int
    evidence: str


@dataclass(frozen=True, slots=True)
class Locus:
    """The reference of a panel; the first record is the locus, the others lie downstream of it."""

    gene: str
    assembly: str
    accession: str
    transcript: str
    numbering: str
    records: tuple[Record, ...]
    exons: tuple[Exon, ...]
    breakpoints: tuple[Breakpoint, ...]

    def record(self, name: str) -> Record:
        """Return the record of this name."""
        return next(record for record in self.records if record.name == name)

    def deletion(self, breakpoint_: Breakpoint) -> Deletion | None:
        """Return the exons that lie wholly between the two ends; None when there are none."""
        beyond = breakpoint_.right_record != self.records[0].name
        right = len(self.records[0].sequence) if beyond else breakpoint_.right_start
        lost = [e.number for e in self.exons if e.start >= breakpoint_.left_end and e.end <= right]
        return Deletion(min(lost), max(lost)) if lost else None


def load_reference(folder: Path) -> Locus:
    """Read a reference folder: info.yaml, the FASTA records, exons.tsv, breakpoints.tsv.

    Raises:
        LocusError: A file is missing, differs from its sha256 or contradicts another.
    """
    info = read_info(folder, INFO_KEYS, made_of=MADE_OF, error=LocusError)
    records = _records(folder, info)
    first = records[0]
    return Locus(
        gene=str(info["gene"]),
        assembly=str(info["assembly"]),
        accession=str(info["sequence_accession"]),
        transcript=str(info["transcript"]),
        numbering=str(info["numbering"]),
        records=records,
        exons=exons_of(_table(folder, "exons", info["exons"], EXON_COLUMNS), first),
        breakpoints=breakpoints_of(
            _table(folder, "breakpoints", info["breakpoints"], BREAKPOINT_COLUMNS), records
        ),
    )


def _records(folder: Path, info: dict[str, Any]) -> tuple[Record, ...]:
    where = f"{folder / INFO}: records"
    entries = entries_of(where, info["records"], RECORD_KEYS, error=LocusError)
    records = tuple(_record(folder, entry) for entry in entries)
    if not records or records[0].chromosome_start is None:
        raise LocusError(f"{where}: the first one needs a start on the chromosome; add it")
    if len({record.name for record in records}) < len(records):
        raise LocusError(f"{where}: a name stands twice; give each its own")
    return records


def _record(folder: Path, entry: dict[str, Any]) -> Record:
    where, start = f"{folder / INFO}: record {entry['name']}", entry.get("start")
    if not (start is None or (type(start) is int and start > 0)):
        raise LocusError(f"{where}: start is {start!r}; expected a position from 1 on, or null")
    if entry.get("strand", "+") != "+":
        raise LocusError(f"{where}: strand is {entry['strand']!r}; expected +; turn the record")
    return Record(
        str(entry["name"]),
        _sequence(folder, entry),
        str(entry["chromosome"]),
        start,
        str(entry["source"]),
        str(entry["sha256"]),
    )


def _sequence(folder: Path, entry: dict[str, Any]) -> str:
    """Return the one sequence of a FASTA file."""
    path = inside(folder, entry["file"], error=LocusError)
    content = read_checked(path, entry["sha256"], advice=RESTORE, error=LocusError)
    if not content.startswith(b">") or content.count(b">") > 1:
        found = content.count(b">") or "none"
        raise LocusError(
            f"{path}: expected one FASTA record, found {found}; give each record a file of its own"
        )
    below_header = content.decode("latin-1").partition("\n")[2]
    return checked_bases(f"{path}", "".join(below_header.split()))


def checked_bases(where: str, letters: str) -> str:
    """Return a sequence in capitals.

    Raises:
        LocusError: It is empty, or holds a letter other than A, C, G, T and N.
    """
    sequence = letters.upper()
    if wrong := sorted(set(sequence) - BASES):
        place = sequence.index(wrong[0]) + 1
        raise LocusError(
            f"{where}: holds {wrong[0]!r} (base {place:,}); expected A, C, G, T or N; "
            "write N where the base is not known"
        )
    if not sequence:
        raise LocusError(f"{where}: no sequence below the header; restore the file")
    return sequence


def _table(folder: Path, key: str, entry: object, columns: tuple[str, ...]) -> list[Row]:
    check_keys(f"{folder / INFO}: {key}", entry, ("file", "sha256"), error=LocusError)
    table = cast("dict[str, object]", entry)
    path = inside(folder, table["file"], error=LocusError)
    content = read_checked(path, table["sha256"], advice=RESTORE, error=LocusError)
    return rows_of(path, content, columns, error=LocusError)


def exons_of(rows: Sequence[Row], record: Record) -> tuple[Exon, ...]:
    """Read the rows of exons.tsv.

    Raises:
        LocusError: An exon lies outside the record, or they are not in order.
    """
    exons = tuple(_exon(row, record) for row in rows)
    for row, (one, other) in zip(rows[1:], pairwise(exons), strict=True):
        if one.number >= other.number or one.end > other.start:
            raise LocusError(
                f"{row[0]}: exon {other.number} follows exon {one.number}; expected exons once "
                "each, in order of number and position, without overlap; of a gene on the minus "
                "strand turn the record"
            )
    return exons


def _exon(row: Row, record: Record) -> Exon:
    number, start, end = (whole_number(row, name, error=LocusError) for name in EXON_COLUMNS)
    offset = record.chromosome_start or 0
    exon = Exon(number, start - offset, end - offset + 1)
    if not 0 <= exon.start < exon.end <= len(record.sequence):
        raise LocusError(
            f"{row[0]}: exon {number}, {start}-{end}, lies outside record {record.name}; mend it"
        )
    return exon


def breakpoints_of(rows: Sequence[Row], records: Sequence[Record]) -> tuple[Breakpoint, ...]:
    """Read the rows of breakpoints.tsv.

    Raises:
        LocusError: A breakpoint lies outside the records, or its ends are not in order.
    """
    return tuple(_breakpoint(row, records) for row in rows)


def _breakpoint(row: Row, records: Sequence[Record]) -> Breakpoint:
    where, cells = row
    first, known = records[0], {record.name: record for record in records}
    if not cells["form"]:
        raise LocusError(f"{where}: form is empty; expected main, or the name of a rarer form")
    if cells["right_record"] not in known:
        raise LocusError(
            f"{where}: record {cells['right_record']!r} is unknown; expected {', '.join(known)}"
        )
    right = known[cells["right_record"]]
    last_kept, first_kept, inserted_nt = (
        whole_number(row, name, error=LocusError)
        for name in ("left_last_base", "right_first_base", "inserted_nt")
    )
    left_end = last_kept - (first.chromosome_start or 0) + 1
    right_start = first_kept - (right.chromosome_start or 1)
    if not (0 < left_end <= len(first.sequence) and 0 <= right_start < len(right.sequence)):
        raise LocusError(f"{where}: {last_kept} to {first_kept} lies outside the records; mend it")
    if right is first and right_start < left_end:
        raise LocusError(
            f"{where}: right_first_base {first_kept} does not lie behind left_last_base "
            f"{last_kept}; exchange or mend them"
        )
    return Breakpoint(
        cells["form"], left_end, inserted_nt, right.name, right_start, cells["evidence"]
    )
