"""Primers, the assays made of them, and what those detect.

A forward primer lies before the first exon that a deletion removes, a reverse primer after the
last one. The deletion that a pair detects, and its label, follow from that; nothing stores them.
"""

import csv
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from itertools import product
from pathlib import Path
from typing import Any

from breakpoint_pcr.config import read_yaml
from breakpoint_pcr.errors import PanelError

IUPAC = frozenset("ACGTRYSWKMBDHVN")
PANEL_FILES = ("primers.tsv", "assays.tsv")


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
    info = _info(folder)
    primers = tuple(_primers(folder / "primers.tsv"))
    assays = tuple(_assays(folder / "assays.tsv", {primer.name: primer for primer in primers}))
    _check_names(folder, primers, assays)
    digest = sha256(b"".join((folder / name).read_bytes() for name in PANEL_FILES)).hexdigest()
    return Panel(
        name=info["name"],
        version=str(info["version"]),
        title=info["title"],
        citation=info["citation"],
        primers=primers,
        assays=assays,
        known_deviations=tuple((d["primer"], d["text"]) for d in info.get("known_deviations", ())),
        limitations=tuple(info.get("limitations", ())),
        sha256=digest,
    )


def _info(folder: Path) -> dict[str, Any]:
    path = folder / "info.yaml"
    if not path.is_file():
        raise PanelError(
            f"{folder}: no info.yaml; a panel is info.yaml, primers.tsv and assays.tsv"
        )
    info = read_yaml(path)
    if missing := [k for k in ("name", "version", "title", "citation", "files") if k not in info]:
        raise PanelError(f"{path}: {missing[0]!r} missing; add it")
    for name in PANEL_FILES:
        _check_file(folder / name, str(info["files"].get(name, "")))
    return info


def _check_file(path: Path, expected: str) -> None:
    if not path.is_file():
        raise PanelError(f"{path}: file missing; a panel needs it")
    found = sha256(path.read_bytes()).hexdigest()
    if found != expected:
        raise PanelError(
            f"{path}: sha256 is {found}, info.yaml says {expected or 'nothing'}; "
            "if the change is meant, write the new sha256 and a new version into info.yaml"
        )


def _rows(path: Path, columns: tuple[str, ...]) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file, delimiter="\t")
        if missing := [name for name in columns if name not in (reader.fieldnames or ())]:
            raise PanelError(f"{path}: column {missing[0]!r} missing; found {reader.fieldnames}")
        rows = [{k: (v or "").strip() for k, v in row.items() if k} for row in reader]
    if not rows:
        raise PanelError(f"{path}: no rows; a panel needs at least one")
    return rows


def _primers(path: Path) -> list[Primer]:
    columns = ("name", "kind", "sequence", "strand", "borders_exon", "note")
    return [_primer(f"{path} line {line}", row) for line, row in enumerate(_rows(path, columns), 2)]


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
    exon = row["borders_exon"]
    if exon and not exon.isdecimal():
        raise PanelError(f"{where}: borders_exon of {row['name']} is {exon!r}; expected a number")
    return Primer(
        row["name"],
        OligoKind(row["kind"]),
        sequence,
        row["strand"],
        int(exon) if exon else None,
        row["note"],
    )


def _assays(path: Path, primers: dict[str, Primer]) -> list[Assay]:
    columns = ("name", "forward", "reverse", "kind", "aliases")
    return [
        _assay(f"{path} line {n}", row, primers) for n, row in enumerate(_rows(path, columns), 2)
    ]


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
    seen: dict[str, str] = {}
    for name in (primer.name for primer in primers):
        if not name or name in seen:
            raise PanelError(f"{folder / 'primers.tsv'}: name {name!r} stands twice or is empty")
        seen[name] = name
    owners: dict[str, str] = {}
    for assay in assays:
        for name in (assay.name, *assay.aliases):
            owner = owners.setdefault(_folded(name), assay.name)
            if not name or owner != assay.name:
                raise PanelError(
                    f"{folder / 'assays.tsv'}: {name!r} names both {owner} and {assay.name}"
                )
    if len({assay.name for assay in assays}) < len(assays):
        raise PanelError(f"{folder / 'assays.tsv'}: an assay name stands twice")


def _folded(name: str) -> str:
    """Letters and digits alone: F.4/R-7, F4-R7 and f4 r7 are one name."""
    return "".join(letter for letter in name.casefold() if letter.isalnum())
