"""Search any FASTA for binding sites of any primers: the command `scan-primers`."""

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import astuple, dataclass, fields
from pathlib import Path

from breakpoint_pcr.errors import ConfigError, PanelError
from breakpoint_pcr.insilico.alignment import draw
from breakpoint_pcr.insilico.fasta import Letters, read_fasta
from breakpoint_pcr.insilico.nucleotides import MEANING
from breakpoint_pcr.insilico.rule import SearchRule
from breakpoint_pcr.insilico.sites import queries, search
from breakpoint_pcr.tables import column


@dataclass(frozen=True, slots=True)
class ScannedSite:
    """A row of the output: one site."""

    primer: str = column("primer")
    record: str = column("first word of the FASTA header")
    start: int = column("first base on the plus strand, 0-based", "nt")
    end: int = column("after the last base, 0-based half-open", "nt")
    strand: str = column("+ or -: strand whose 5'-3' sequence the primer equals")
    edits: int = column("mismatches and gaps", "nt")
    alignment: str = column("primer / marks / site, 5'-3' of the primer")


def scan(
    primers: Mapping[str, str], records: Iterable[tuple[str, str | Letters]], rule: SearchRule
) -> list[ScannedSite]:
    """Find every site of every primer in every record.

    Args:
        primers: Name to sequence 5'-3', upper-case IUPAC letters.
        records: Name and sequence of each record, taken one at a time.
        rule: When a place is a site (see `rule.py`).

    Returns:
        Sites in the order of the records, then of the primers (plus strand first), then of
        position.
    """
    wanted = queries(primers, rule)
    sites: list[ScannedSite] = []
    for record, sequence in records:
        letters = sequence.encode("ascii") if isinstance(sequence, str) else sequence
        for hit in search(wanted, letters, rule):
            drawing = draw(primers[hit.primer], hit.sequence, rule)
            place = (hit.start, hit.end, hit.strand, hit.edits)
            sites.append(ScannedSite(hit.primer, record, *place, drawing.text))
        del sequence, letters  # before the next record is read
    return sites


def scan_files(primers: Path, reference: Path, output: Path, rule: SearchRule) -> None:
    """Write where the primers of a table (columns name, sequence) bind in a FASTA or its gzip.

    Raises:
        PanelError: The table lacks something.
        LocusError: The FASTA cannot be read.
        ConfigError: The folder of the output is missing.
    """
    if not output.parent.is_dir():
        raise ConfigError(f"{output.parent}: folder missing; make it, or name another output")
    sites = scan(read_primers(primers), read_fasta(reference), rule)
    with output.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter="\t", lineterminator="\n")
        writer.writerow([field.name for field in fields(ScannedSite)])
        writer.writerows(astuple(site) for site in sites)


def read_primers(path: Path) -> dict[str, str]:
    """Read name and sequence of each primer; other columns are ignored.

    Raises:
        PanelError: The table is missing or empty, lacks a column or repeats a name, or a sequence
            holds a letter that is not IUPAC.
    """
    if not path.is_file():
        raise PanelError(f"{path}: file missing; name a table with the columns name and sequence")
    primers: dict[str, str] = {}
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            for line, name, sequence in _primer_rows(path, file):
                _check_primer(f"{path} line {line}", name, sequence, primers)
                primers[name] = sequence
    except (UnicodeDecodeError, csv.Error) as problem:
        raise PanelError(f"{path}: not a table of UTF-8 text ({problem}); save it as TSV") from None
    if not primers:
        raise PanelError(f"{path}: no primers; expected one line per primer below the header")
    return primers


def _primer_rows(path: Path, file: Iterable[str]) -> Iterator[tuple[int, str, str]]:
    reader = csv.DictReader(file, delimiter="\t")
    for name in ("name", "sequence"):
        if name not in (reader.fieldnames or ()):
            found = ", ".join(reader.fieldnames or ()) or "nothing"
            raise PanelError(
                f"{path}: column {name!r} missing; found {found}; expected name, sequence"
            )
    for row in reader:
        sequence = (row["sequence"] or "").strip().upper()
        yield reader.line_num, (row["name"] or "").strip(), sequence


def _check_primer(where: str, name: str, sequence: str, seen: Mapping[str, str]) -> None:
    if not name or name in seen:
        raise PanelError(
            f"{where}: name {name!r} is empty or stands twice; give each primer its own"
        )
    if not sequence:
        raise PanelError(f"{where}: sequence of {name} is empty; write it 5'-3'")
    if wrong := sorted(set(sequence) - set(MEANING)):
        letters = "".join(sorted(MEANING))
        raise PanelError(
            f"{where}: sequence of {name} holds {wrong[0]!r}; use IUPAC letters ({letters})"
        )
