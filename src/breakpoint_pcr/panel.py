"""Primers, the assays made of them, and what those detect.

A forward primer lies before the first exon that a deletion removes, a reverse primer after the
last one. The deletion that a pair detects, and its label, follow from that; nothing stores them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from enum import StrEnum
from functools import cache
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

IUPAC = "ABCDGHKMNRSTVWY"
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
    tables = tuple(_checked(folder, name, info["files"]) for name in PANEL_FILES)
    paths = tuple(folder / name for name in PANEL_FILES)
    primers, assays = read_tables(paths, tables)
    return Panel(
        name=str(info["name"]),
        version=str(info["version"]),
        title=str(info["title"]),
        citation=str(info["citation"]),
        primers=primers,
        assays=assays,
        known_deviations=_deviations(folder, info),
        limitations=_limitations(folder, info),
        sha256=sha256(b"".join(tables)).hexdigest(),
    )


def read_tables(
    paths: Sequence[Path], tables: Sequence[bytes]
) -> tuple[tuple[Primer, ...], tuple[Assay, ...]]:
    """Read the table of primers and the table of assays; the paths are for the messages.

    Raises:
        PanelError: The tables contradict themselves.
    """
    rows = rows_of(paths[0], tables[0], PRIMER_COLUMNS, error=PanelError)
    primers = tuple(_primer(*row) for row in rows)
    _check_primer_names(rows)
    known = {primer.name: primer for primer in primers}
    rows = rows_of(paths[1], tables[1], ASSAY_COLUMNS, error=PanelError)
    assays = tuple(_assay(*row, known) for row in rows)
    _check_assay_names(rows, assays)
    if not any(assay.kind is AssayKind.BREAKPOINT for assay in assays):
        raise PanelError(f"{paths[1]}: no breakpoint assay; expected at least one; add it")
    return primers, assays


def _checked(folder: Path, name: str, sums: object) -> bytes:
    check_keys(f"{folder / INFO}: files", sums, PANEL_FILES, error=PanelError)
    expected = cast("dict[str, object]", sums)[name]
    return read_checked(folder / name, expected, advice=IF_MEANT, error=PanelError)


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
    name = row["name"]
    if row["strand"] not in ("+", "-"):
        raise PanelError(f"{where}: strand of {name} is {row['strand']!r}; expected + or -")
    if row["kind"] not in list(OligoKind):
        raise PanelError(f"{where}: kind of {name} is {row['kind']!r}; expected primer or probe")
    sequence = checked_sequence(f"{where}: sequence of {name}", row["sequence"])
    exon = None
    if row["borders_exon"]:
        exon = whole_number((where, row), "borders_exon", error=PanelError)
    return Primer(name, OligoKind(row["kind"]), sequence, row["strand"], exon, row["note"])


def checked_sequence(where: str, letters: str) -> str:
    """Return the sequence of an oligo in capitals.

    Raises:
        PanelError: It is empty, or holds a letter that is no IUPAC code of DNA.
    """
    # Capitals of ASCII letters only: other alphabets have letters whose capital is one of these.
    sequence = letters.upper() if letters.isascii() else letters
    wrong = next((place for place, x in enumerate(sequence, 1) if x not in IUPAC), 0)
    if wrong or not sequence:
        found = f"{letters[wrong - 1]!r} (letter {wrong})" if wrong else "nothing"
        hint = "write T for U" if wrong and sequence[wrong - 1] == "U" else "write it 5'-3'"
        raise PanelError(f"{where} holds {found}; use IUPAC nucleotide letters ({IUPAC}); {hint}")
    return sequence


def _assay(where: str, row: dict[str, str], primers: dict[str, Primer]) -> Assay:
    name = row["name"]
    if row["kind"] not in list(AssayKind):
        raise PanelError(
            f"{where}: kind of {name} is {row['kind']!r}; expected breakpoint or control_gene"
        )
    kind = AssayKind(row["kind"])
    forward, reverse = (
        _side(where, row, (side, strand), primers)
        for side, strand in (("forward", "+"), ("reverse", "-"))
    )
    pairs = tuple(Pair(f, r) for f, r in product(forward, reverse))
    if not pairs and (kind is AssayKind.BREAKPOINT or forward or reverse):
        raise PanelError(f"{where}: {kind} assay {name} lacks primers; name forward and reverse")
    if kind is AssayKind.BREAKPOINT:
        for pair in pairs:
            _check_pair(where, pair)
    aliases = tuple(alias.strip() for alias in row["aliases"].split(";") if alias.strip())
    return Assay(name, kind, pairs, aliases)


def _side(
    where: str, row: dict[str, str], side: tuple[str, str], primers: dict[str, Primer]
) -> list[Primer]:
    """Return the forward or the reverse primers of an assay; `+` joins pooled ones."""
    column, strand = side
    names = [name.strip() for name in row[column].split("+")] if row[column] else []
    for number, name in enumerate(names):
        if name not in primers:
            raise PanelError(
                f"{where}: primer {name!r} of {row['name']} is not in primers.tsv; "
                f"expected one of {', '.join(primers)}"
            )
        if name in names[:number]:
            raise PanelError(f"{where}: {column} of {row['name']} names {name} twice; name it once")
        if primers[name].kind is not OligoKind.PRIMER:
            raise PanelError(f"{where}: {name} of {row['name']} is a probe; expected a primer")
        if primers[name].strand != strand:
            raise PanelError(
                f"{where}: {column} primer {name} of {row['name']} lies on strand "
                f"{primers[name].strand}; expected {strand}"
            )
    return [primers[name] for name in names]


def _check_pair(where: str, pair: Pair) -> None:
    """Refuse a pair that stands for no deletion."""
    try:
        _ = pair.detects
    except PanelError as problem:
        raise PanelError(f"{where}: {problem}") from None


def _check_primer_names(rows: Sequence[Row]) -> None:
    """Every primer has a name of its own, by which people can tell it from the others."""
    seen: dict[str, str] = {}
    for where, row in rows:
        name = row["name"]
        _check_name(where, name, "+;")  # + joins pooled primers
        owner = seen.setdefault("".join(name.casefold().split()), where)
        if owner != where:
            raise PanelError(
                f"{where}: name {name!r} stands twice, as in {owner.rpartition(' ')[2]} but for "
                "capitals and blanks; give each primer its own"
            )


def _check_assay_names(rows: Sequence[Row], assays: Sequence[Assay]) -> None:
    """Every assay and alias must name one thing only, and may be a column of the results."""
    owners: dict[str, tuple[str, str]] = {}
    for (where, _), assay in zip(rows, assays, strict=True):
        _check_name(where, assay.name, ";")
        if assay.name in RESERVED:
            raise PanelError(
                f"{where}: {assay.name!r} is the name of a column of the results; "
                "choose another name"
            )
        for name in (assay.name, *assay.aliases):
            owner = owners.setdefault(_folded(name), (where, assay.name))
            if not _folded(name) or owner[0] != where:
                raise PanelError(
                    f"{where}: {name!r} names both {owner[1]} and {assay.name}, for only letters "
                    "and digits count; rename one"
                )


def _check_name(where: str, name: str, forbidden: str) -> None:
    found = next((x for x in name if x in forbidden or not x.isprintable()), "")
    if found or not name:
        shown = f"holds {found!r}" if found else "is empty"
        raise PanelError(f"{where}: name {name!a} {shown}; choose another name")


@cache
def _folded(name: str) -> str:
    """Letters and digits alone: F.4/R-7, F4-R7 and f4 r7 are one name."""
    return "".join(letter for letter in name.casefold() if letter.isalnum())
