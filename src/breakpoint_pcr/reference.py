"""The locus: sequence records, exons and recurrent breakpoints.

Inside the package a position is 0-based half-open on the plus strand of its record. Chromosome
positions are 1-based closed, and stand only where people read and in the files of resources/.
"""

import csv
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from breakpoint_pcr.config import read_yaml
from breakpoint_pcr.errors import LocusError
from breakpoint_pcr.panel import Deletion

BASES = frozenset("ACGTN")
INFO_KEYS = (
    *("gene", "assembly", "sequence_accession", "transcript"),
    *("numbering", "exons", "breakpoints", "records"),
)


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
    path = folder / "info.yaml"
    if not path.is_file():
        raise LocusError(
            f"{folder}: no info.yaml; a reference is info.yaml, FASTA records and tables"
        )
    info = read_yaml(path)
    if missing := [key for key in INFO_KEYS if key not in info]:
        raise LocusError(f"{path}: {missing[0]!r} missing; add it")
    for table in (info["exons"], info["breakpoints"], *info["records"]):
        _check_file(folder / table["file"], table["sha256"])
    records = tuple(_record(folder, entry) for entry in info["records"])
    first = records[0]
    if first.chromosome_start is None:
        raise LocusError(f"{path}: record {first.name!r} needs a start on the chromosome")
    exons = tuple(_exon(row, first) for row in _rows(folder / info["exons"]["file"]))
    names = {record.name: record for record in records}
    breakpoints = tuple(
        _breakpoint(row, first, names) for row in _rows(folder / info["breakpoints"]["file"])
    )
    return Locus(
        gene=info["gene"],
        assembly=info["assembly"],
        accession=info["sequence_accession"],
        transcript=info["transcript"],
        numbering=info["numbering"],
        records=records,
        exons=exons,
        breakpoints=breakpoints,
    )


def _check_file(path: Path, expected: str) -> None:
    if not path.is_file():
        raise LocusError(f"{path}: file missing; info.yaml names it")
    found = sha256(path.read_bytes()).hexdigest()
    if found != expected:
        raise LocusError(
            f"{path}: sha256 is {found}, info.yaml says {expected}; "
            "restore the file, or make a reference folder of its own"
        )


def _record(folder: Path, entry: dict[str, Any]) -> Record:
    path = folder / entry["file"]
    lines = path.read_text(encoding="ascii").splitlines()
    sequence = "".join(line.strip() for line in lines if not line.startswith(">")).upper()
    if wrong := sorted(set(sequence) - BASES):
        raise LocusError(f"{path}: holds {wrong[0]!r}; expected A, C, G, T or N")
    return Record(
        entry["name"],
        sequence,
        entry["chromosome"],
        entry["start"],
        entry["source"],
        entry["sha256"],
    )


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def _exon(row: dict[str, str], record: Record) -> Exon:
    offset = record.chromosome_start or 0
    exon = Exon(int(row["exon"]), int(row["start"]) - offset, int(row["end"]) - offset + 1)
    if not 0 <= exon.start < exon.end <= len(record.sequence):
        raise LocusError(
            f"exon {exon.number}: {row['start']}-{row['end']} lies outside record {record.name}"
        )
    return exon


def _breakpoint(row: dict[str, str], first: Record, records: dict[str, Record]) -> Breakpoint:
    if row["right_record"] not in records:
        raise LocusError(
            f"breakpoints: record {row['right_record']!r} is not one of {sorted(records)}"
        )
    right = records[row["right_record"]]
    left_end = int(row["left_last_base"]) - (first.chromosome_start or 0) + 1
    right_start = int(row["right_first_base"]) - (right.chromosome_start or 1)
    if not (0 < left_end <= len(first.sequence) and 0 <= right_start < len(right.sequence)):
        raise LocusError(
            f"breakpoints: {row['left_last_base']} to {row['right_first_base']} lies outside"
        )
    return Breakpoint(
        row["form"], left_end, int(row["inserted_nt"]), right.name, right_start, row["evidence"]
    )
