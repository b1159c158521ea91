"""Primers, the assays made of them, and what those detect.

A forward primer lies before the first exon that a deletion removes, a reverse primer after the
last one. The deletion that a pair detects, and its label, follow from that; nothing stores them.
"""

from dataclasses import dataclass, fields
from enum import StrEnum
from hashlib import sha256
from itertools import product
from pathlib import Path
from typing import Any, cast

from breakpoint_pcr.errors import PanelError
from breakpoint_pcr.resources import (
    INFO,
    Row,
    check_keys,
    entries_of,
    read_checked,
    read_info,
    rows_of,
    whole_number,
)
from breakpoint_pcr.tables import Pattern, Sample

IUPAC = frozenset("ACGTRYSWKMBDHVN")
INFO_KEYS = ("name", "version", "title", "citation", "files")
PANEL_FILES = ("primers.tsv", "assays.tsv")
PRIMER_COLUMNS = ("name", "kind", "sequence", "strand", "borders_exon", "note")
ASSAY_COLUMNS = ("name", "forward", "reverse", "kind", "aliases")
# Assay names become columns of these tables.
RESERVED = frozenset(field.name for table in (Sample, Pattern) for field in fields(table))
MADE_OF = "a panel is info.yaml, primers.tsv and assays.tsv"
IF_MEANT = "if the change is meant, write the new sha256 and a new version into info.yaml"


class OligoKind(StrEnum):
    """What an oligo does in the reaction."""

    PRIMER = "primer"
    PROBE = "probe"


class AssayKind(StrEnum):
    """What a reaction shows."""

    BREAKPOINT = "breakpoint"
    CONTROL_GENE = "control_gene"


@dataclass(frozen=True, slots=True, order=True)
class Deletion:
    """A loss of consecutive exons."""

    first_exon: int
    last_exon: int

    @property
    def label(self) -> str:
        """Name as clinicians write it."""
        return f"Δ{self.first_exon}-{self.last_exon}"


@dataclass(frozen=True, slots=True)
class Primer:
    """An oligo as ordered; `sequence` 5'-3', IUPAC codes allowed."""

    name: str
    kind: OligoKind
    sequence: str
    strand: str
    borders_exon: int | None
    note: str


@dataclass(frozen=True, slots=True)
class Pair:
    """A forward and a reverse primer that meet in a reaction."""

    forward: Primer
    reverse: Primer

    @property
    def name(self) -> str:
        """Name as plate maps write it."""
        return f"{self.forward.name}/{self.reverse.name}"

    @property
    def detects(self) -> Deletion:
        """The deletion that brings the two together.

        Raises:
            PanelError: The exons are not in order, or not stated.
        """
        first, last = self.forward.borders_exon, self.reverse.borders_exon
        if first is None or last is None:
            raise PanelError(f"pair {self.name}: borders_exon is missing; add it to primers.tsv")
        if first > last:
            raise PanelError(f"pair {self.name}: exon {first} lies behind exon {last}")
        return Deletion(first, last)


@dataclass(frozen=True, slots=True)
class Assay:
    """One reaction type on the plate; pooled assays have several forward or reverse primers."""

    name: str
    kind: AssayKind
    pairs: tuple[Pair, ...]
    aliases: tuple[str, ...]

    @property
    def deletions(self) -> tuple[Deletion, ...]:
        """Deletions that a signal may show, in order; empty for a control gene."""
        if self.kind is AssayKind.CONTROL_GENE:
            return ()
        return tuple(sorted({pair.detects for pair in self.pairs}))


@dataclass(frozen=True, slots=True)
class Panel:
    """The primers and assays of one laboratory method."""

    name: str
    version: str
    title: str
    citation: str
    primers: tuple[Primer, ...]
    assays: tuple[Assay, ...]
    known_deviations: tuple[tuple[str, str], ...]
    limitations: tuple[str, ...]
    sha256: str

    @property
    def breakpoint_assays(self) -> tuple[Assay, ...]:
        """Assays that show deletions, in panel order."""
        return tuple(assay for assay in self.assays if assay.kind is AssayKind.BREAKPOINT)

    @property
    def control_genes(self) -> tuple[Assay, ...]:
        """Assays that show that DNA is there, in panel order."""
        return tuple(assay for assay in self.assays if assay.kind is AssayKind.CONTROL_GENE)

    @property
    def deletions(self) -> tuple[Deletion, ...]:
        """Every class that the panel can show, in order."""
        return tuple(sorted({d for assay in self.breakpoint_assays for d in assay.deletions}))

    def assay(self, name: str) -> Assay:
        """Return the assay of this name."""
        return next(assay for assay in self.assays if assay.name == name)

    def assay_of_target(self, target: str) -> str | None:
        """Return the assay whose name or alias has the letters and digits of this target name."""
        wanted = _folded(target)
        for assay in self.assays:
            if wanted and wanted in map(_folded, (assay.name, *assay.aliases)):
                return assay.name
        return None


def load_panel(folder: Path) -> Panel:
    """Read a panel folder: info.yaml, primers.tsv, assays.tsv.

    Raises:
        PanelError: A file is missing or changed, or the tables contradict themselves.
    """
    info = read_info(folder, INFO_KEYS, made_of=MADE_OF, error=PanelError)
    tables = {name: _checked(folder, name, info["files"]) for name in PANEL_FILES}
    primers = tuple(_primer(*row) for row in _rows(folder, "primers.tsv", tables, PRIMER_COLUMNS))
    known = {primer.name: primer for primer in primers}
    assays = tuple(
        _assay(*row, known) for row in _rows(folder, "assays.tsv", tables, ASSAY_COLUMNS)
    )
    _check_names(folder, primers, assays)
    return Panel(
        name=str(info["name"]),
        version=str(info["version"]),
        title=str(info["title"]),
        citation=str(info["citation"]),
        primers=primers,
        assays=assays,
        known_deviations=_deviations(folder, info),
        limitations=_limitations(folder, info),
        sha256=sha256(b"".join(tables.values())).hexdigest(),
    )


def _checked(folder: Path, name: str, sums: object) -> bytes:
    check_keys(f"{folder / INFO}: files", sums, PANEL_FILES, error=PanelError)
    expected = str(cast("dict[str, object]", sums)[name])
    return read_checked(folder / name, expected, advice=IF_MEANT, error=PanelError)


def _rows(folder: Path, name: str, tables: dict[str, bytes], columns: tuple[str, ...]) -> list[Row]:
    return rows_of(folder / name, tables[name], columns, error=PanelError)


def _deviations(folder: Path, info: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    where, found = f"{folder / INFO}: known_deviations", info.get("known_deviations") or []
    entries = entries_of(where, found, ("primer", "text"), error=PanelError)
    return tuple((str(entry["primer"]), str(entry["text"])) for entry in entries)


def _limitations(folder: Path, info: dict[str, Any]) -> tuple[str, ...]:
    found = info.get("limitations") or []
    if not isinstance(found, list) or not all(isinstance(text, str) for text in found):
        raise PanelError(f"{folder / INFO}: limitations: expected a list of sentences")
    return tuple(found)


def _primer(where: str, row: dict[str, str]) -> Primer:
    sequence = row["sequence"].upper()
    wrong = sorted(set(sequence) - IUPAC)
    if wrong or not sequence:
        found = repr(wrong[0]) if wrong else "nothing"
        raise PanelError(
            f"{where}: sequence of {row['name']} holds {found}; use IUPAC nucleotide letters"
        )
    if row["strand"] not in ("+", "-"):
        raise PanelError(f"{where}: strand of {row['name']} is {row['strand']!r}; expected + or -")
    if row["kind"] not in list(OligoKind):
        raise PanelError(
            f"{where}: kind of {row['name']} is {row['kind']!r}; expected primer or probe"
        )
    exon = None
    if row["borders_exon"]:
        exon = whole_number((where, row), "borders_exon", error=PanelError)
    return Primer(row["name"], OligoKind(row["kind"]), sequence, row["strand"], exon, row["note"])


def _assay(where: str, row: dict[str, str], primers: dict[str, Primer]) -> Assay:
    if row["kind"] not in list(AssayKind):
        raise PanelError(
            f"{where}: kind of {row['name']} is {row['kind']!r}; "
            "expected breakpoint or control_gene"
        )
    kind = AssayKind(row["kind"])
    sides = [[name for name in row[side].split("+") if name] for side in ("forward", "reverse")]
    for name, strand in [(n, s) for names, s in zip(sides, "+-", strict=True) for n in names]:
        if name not in primers:
            raise PanelError(f"{where}: primer {name!r} of {row['name']} is not in primers.tsv")
        if primers[name].strand != strand:
            raise PanelError(
                f"{where}: primer {name} of {row['name']} lies on strand "
                f"{primers[name].strand}; expected {strand}"
            )
    pairs = tuple(Pair(primers[f], primers[r]) for f, r in product(*sides))
    if kind is AssayKind.BREAKPOINT and not pairs:
        raise PanelError(
            f"{where}: breakpoint assay {row['name']} lacks primers; name forward and reverse"
        )
    if kind is AssayKind.BREAKPOINT:
        for pair in pairs:
            _ = pair.detects  # raises when the exons are not in order
    aliases = tuple(alias.strip() for alias in row["aliases"].split(";") if alias.strip())
    return Assay(row["name"], kind, pairs, aliases)


def _check_names(folder: Path, primers: tuple[Primer, ...], assays: tuple[Assay, ...]) -> None:
    """Every primer, assay and alias must name one thing only."""
    seen: set[str] = set()
    for name in (primer.name for primer in primers):
        if not name or name in seen:
            raise PanelError(f"{folder / 'primers.tsv'}: name {name!r} stands twice or is empty")
        seen.add(name)
    owners: dict[str, str] = {}
    for assay in assays:
        for name in (assay.name, *assay.aliases):
            owner = owners.setdefault(_folded(name), assay.name)
            if not name or owner != assay.name:
                raise PanelError(
                    f"{folder / 'assays.tsv'}: {name!r} names both {owner} and {assay.name}"
                )
    for assay in assays:
        if assay.name in RESERVED:
            raise PanelError(
                f"{folder / 'assays.tsv'}: {assay.name!r} is the name of a column of the results; "
                "choose another name"
            )
    if len({assay.name for assay in assays}) < len(assays):
        raise PanelError(f"{folder / 'assays.tsv'}: an assay name stands twice")


def _folded(name: str) -> str:
    """Letters and digits alone: F.4/R-7, F4-R7 and f4 r7 are one name."""
    return "".join(letter for letter in name.casefold() if letter.isalnum())
