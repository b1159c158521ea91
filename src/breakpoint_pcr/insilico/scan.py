"""Search any FASTA for binding sites of any primers: the command `scan-primers`."""

import csv
import gzip
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import astuple, dataclass, fields
from pathlib import Path
from typing import IO

from breakpoint_pcr.errors import ConfigError, LocusError, PanelError
from breakpoint_pcr.insilico.alignment import draw
from breakpoint_pcr.insilico.nucleotides import MEANING
from breakpoint_pcr.insilico.rule import SearchRule
from breakpoint_pcr.insilico.sites import queries, search
from breakpoint_pcr.tables import column

GZIP_MAGIC = b"\x1f\x8b"
LINE_ENDS = b" \t\r\n"
BLOCK_BYTES = 1 << 20


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
    primers: Mapping[str, str], records: Iterable[tuple[str, str | bytes]], rule: SearchRule
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


def read_fasta(path: Path) -> Iterator[tuple[str, bytes]]:
    """Yield name and letters of each record of a FASTA, plain or gzip, one record at a time.

    Raises:
        LocusError: The file is missing, is no FASTA, repeats a name or holds something but letters.
    """
    if not path.is_file():
        raise LocusError(f"{path}: file missing; name a FASTA")
    try:
        with _opened(path) as file:
            yield from _distinct(path, _records(path, file))
    except (EOFError, gzip.BadGzipFile, zlib.error) as problem:
        raise LocusError(f"{path}: damaged gzip file ({problem}); copy it again") from None


def _distinct(path: Path, records: Iterable[tuple[str, bytes]]) -> Iterator[tuple[str, bytes]]:
    """Yield the records; refuse a name that stands twice, and a file without any."""
    seen: set[str] = set()
    for name, letters in records:
        if name in seen:
            raise LocusError(f"{path}: record {name!r} stands twice; give each its own name")
        seen.add(name)
        yield name, letters
    if not seen:
        raise LocusError(f"{path}: no record; a FASTA begins with a line '>name'")


def _opened(path: Path) -> IO[bytes]:
    with path.open("rb") as file:
        packed = file.read(len(GZIP_MAGIC)) == GZIP_MAGIC
    return gzip.open(path, "rb") if packed else path.open("rb")  # type: ignore[return-value]


def _records(path: Path, file: IO[bytes]) -> Iterator[tuple[str, bytes]]:
    name, letters, line = "", bytearray(), 1
    for text in _whole_lines(file):
        body, *entries = (b"\n" + text).split(b"\n>")
        if not name and body.strip():
            raise LocusError(f"{path}: text before the first '>'; expected a FASTA")
        letters += _letters(path, name, body)
        line += body.count(b"\n")
        for entry in entries:
            if name:
                yield name, bytes(letters)
            header, _, body = entry.partition(b"\n")
            name, letters = _name(path, line, header), bytearray()
            letters += _letters(path, name, body)
            line += entry.count(b"\n") + 1
    if name:
        yield name, bytes(letters)


def _whole_lines(file: IO[bytes]) -> Iterator[bytes]:
    """Yield the file in blocks that end where a line ends, without the last line end."""
    rest = b""
    while block := file.read(BLOCK_BYTES):
        lines, end, begun = (rest + block).rpartition(b"\n")
        if end:
            yield lines
        rest = begun
    if rest:
        yield rest


def _name(path: Path, line: int, header: bytes) -> str:
    words = header.decode("utf-8", "replace").split()
    if not words:
        raise LocusError(f"{path} line {line}: record without a name; write one behind '>'")
    return words[0]


def _letters(path: Path, name: str, body: bytes) -> bytes:
    kept = body.translate(None, LINE_ENDS)
    if kept and not kept.isalpha():
        wrong = re.search(rb"[^A-Za-z]", kept)
        found = chr(wrong[0][0]) if wrong else ""
        raise LocusError(f"{path}: record {name} holds {found!r}; expected bases")
    return kept
