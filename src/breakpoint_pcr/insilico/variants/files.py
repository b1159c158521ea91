"""Read the known variants of a locus from a VCF (4.0 to 4.5), plain, gzip or bgzip.

The file is taken line by line, and left as soon as it is sorted past the locus: no index is needed.
Each REF within the locus must equal the locus: the one check that tells a VCF of another assembly.
"""

import gzip
import io
import os
import re
import zlib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from breakpoint_pcr.errors import LocusError
from breakpoint_pcr.insilico.variants.frequencies import frequency_key, highest, info_cells
from breakpoint_pcr.reference import Locus, Record

GZIP_MAGIC = b"\x1f\x8b"
BGZF_FIELD = b"BC\x02\x00"
# The empty block that ends every complete bgzip file (SAM specification, section 4.1.2).
BGZF_END = bytes.fromhex("1f8b08040000000000ff0600424302001b0003000000000000000000")
FIRST_LINE = b"##fileformat=VCF"
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
COLUMNS = (b"#CHROM", b"POS", b"ID", b"REF", b"ALT", b"QUAL", b"FILTER", b"INFO")
BLOCK_BYTES = 1 << 20
SYMBOLIC = b"<"
CONTIGS_NAMED = 6
POSITION_DIGITS = 12
REF_LETTERS = re.compile(r"[ACGTN]+")
# Bases; `*` and `.`; <symbolic>; a breakend with its mate, or alone.
ALT_FORM = re.compile(
    r"[ACGTN]+|\*|\.|<[^<>]+>|[ACGTN]*[\[\]][^\[\]]+[\[\]][ACGTN]*|\.[ACGTN]+|[ACGTN]+\."
)
NOT_ALLELES = frozenset({"*", ".", "<*>", "<NON_REF>", "<X>"})


@dataclass(frozen=True, slots=True)
class KnownAllele:
    """One alternative allele of a line that reaches into a record of the locus.

    `position` and `last` are 1-based on the chromosome: POS, and the last base that the allele
    concerns. Bases are upper case.
    """

    record: str
    chromosome: str
    position: int
    last: int
    identifier: str
    reference: str
    alternative: str
    frequency: float | None
    population: str


@dataclass(frozen=True, slots=True)
class _Header:
    lines: int
    frequency_keys: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Line:
    """The cells of a line that a reader needs, and where it stands."""

    where: str
    position: int
    cells: list[bytes]

    def text(self, column: int) -> str:
        return self.cells[column].decode("utf-8", "replace").strip()

    @property
    def info(self) -> str:
        return self.cells[7].partition(b"\t")[0].decode("utf-8", "replace").strip()


def read_variants(
    path: Path, locus: Locus, *, studies_ignored: Collection[str]
) -> Iterator[KnownAllele]:
    """Yield the known alleles of the locus, as far as its place on the chromosome is known.

    Args:
        path: VCF, plain, gzip or bgzip.
        locus: The reference.
        studies_ignored: Populations and studies whose frequencies do not count.

    Raises:
        LocusError: The file is missing, damaged, no VCF, of another assembly, or has nothing on
            the chromosome; or a line of the locus is broken.
    """
    if not path.is_file():
        raise LocusError(f"{path}: file missing; name a VCF, or set variants to null")
    records = [record for record in locus.records if record.chromosome_start is not None]
    ignored = frozenset(studies_ignored)
    try:
        with _opened(path) as file:
            header = _header(path, file)
            for line in _lines(path, file, header.lines + 1, locus):
                for record in records:
                    yield from _alleles(line, record, locus, (header.frequency_keys, ignored))
    except (EOFError, gzip.BadGzipFile, zlib.error) as problem:
        raise LocusError(f"{path}: damaged gzip file ({problem}); copy it again") from None


def _opened(path: Path) -> BinaryIO:
    with path.open("rb") as file:
        packed = file.read(len(GZIP_MAGIC)) == GZIP_MAGIC
    if not packed:
        return path.open("rb", buffering=BLOCK_BYTES)
    return io.BufferedReader(gzip.open(path, "rb"), BLOCK_BYTES)  # type: ignore[arg-type]


def _header(path: Path, file: BinaryIO) -> _Header:
    """Read up to the line of the column names."""
    keys: set[str] = set()
    # Bounded, for what is no text may hold no line end.
    _check_first(path, file.readline(BLOCK_BYTES).removeprefix(BYTE_ORDER_MARK))
    for number, line in enumerate(file, 2):
        if line.startswith(b"##"):
            if key := frequency_key(line.decode("utf-8", "replace")):
                keys.add(key)
        else:
            _check_columns(f"{path} line {number}", line)
            return _Header(number, frozenset(keys))
    raise LocusError(f"{path}: ends within its header; expected a line #CHROM; copy it again")


def _check_first(path: Path, line: bytes) -> None:
    if not line:
        raise LocusError(f"{path}: empty; expected a VCF; copy it again")
    if line.startswith(b"BCF"):
        raise LocusError(f"{path}: a BCF; expected a VCF; convert it with `bcftools view`")
    if not line.startswith(FIRST_LINE):
        found = line[:20].decode("utf-8", "replace").strip()
        raise LocusError(
            f"{path} line 1: found {found!r}; expected {FIRST_LINE.decode()}...; name a VCF"
        )


def _check_columns(where: str, line: bytes) -> None:
    found = line.rstrip(b"\r\n").split(b"\t")[: len(COLUMNS)]
    if tuple(found) != COLUMNS:
        text = b" ".join(found)[:60].decode("utf-8", "replace")
        raise LocusError(
            f"{where}: found {text!r}; expected the column names #CHROM to INFO, with tabs"
        )


def _lines(path: Path, file: BinaryIO, first: int, locus: Locus) -> Iterator[_Line]:
    """Yield the lines of the chromosome that may reach into the locus.

    A file that turns out not to be sorted is read to its end.
    """
    spans = [_span(record) for record in locus.records if record.chromosome_start is not None]
    start, end = min(span[0] for span in spans), max(span[1] for span in spans)
    prefix, mine, found, in_order, before = b"\t", False, False, True, 0
    others: dict[str, None] = {}
    for number, line in enumerate(file, first):
        if not line.startswith(prefix):
            if not line.strip():
                continue
            prefix, before = _name(f"{path} line {number}", line) + b"\t", 0
            name = prefix[:-1].decode("utf-8", "replace")
            mine = _is_chromosome(path, name, locus)
            others.update({} if mine else {name: None})
            found = found or mine
        if mine:
            position = _position(path, number, line, len(prefix))
            in_order = in_order and position >= before
            before = position
            if in_order and position > end:
                return
            # No REF is longer than its line; a symbolic allele may reach further.
            if position + len(line) >= start or SYMBOLIC in line:
                yield _line(f"{path} line {number}", position, line)
    _check_complete(path)
    if not found:
        raise LocusError(_absent(path, list(others), locus))


def _position(path: Path, number: int, line: bytes, begin: int) -> int:
    digits = line[begin : line.find(b"\t", begin)]
    if not digits.isdigit() or len(digits) > POSITION_DIGITS:
        found = digits[:20].decode("utf-8", "replace")
        raise LocusError(
            f"{path} line {number}: POS is {found!r}; expected a whole number; mend the line"
        )
    return int(digits)


def _name(where: str, line: bytes) -> bytes:
    name, tab, _ = line.partition(b"\t")
    if not tab or not name:
        text = line[:40].decode("utf-8", "replace").strip()
        raise LocusError(f"{where}: found {text!r}; expected columns with tabs; mend the file")
    return name


def _line(where: str, position: int, line: bytes) -> _Line:
    cells = line.split(b"\t", len(COLUMNS) - 1)
    if len(cells) < len(COLUMNS):
        raise LocusError(
            f"{where}: {len(cells)} columns; expected {len(COLUMNS)} or more; copy the file again"
        )
    return _Line(where, position, cells)


def _is_chromosome(path: Path, name: str, locus: Locus) -> bool:
    """Say whether a name is the locus's chromosome: with or without chr, or its accession.

    Raises:
        LocusError: It is another version of the accession, so another assembly.
    """
    if _bare(name) == _bare(locus.records[0].chromosome) or name == locus.accession:
        return True
    accession, dot, version = locus.accession.partition(".")
    if dot and version and name.partition(".")[0] == accession:
        raise LocusError(
            f"{path}: its chromosome is {name}; expected {locus.accession} ({locus.assembly}); "
            "name a VCF of this assembly"
        )
    return False


def _bare(name: str) -> str:
    return name.lower().removeprefix("chr")


def _absent(path: Path, others: Sequence[str], locus: Locus) -> str:
    found = ", ".join(others[:CONTIGS_NAMED]) or "no lines"
    more = f" and {len(others) - CONTIGS_NAMED} more" if len(others) > CONTIGS_NAMED else ""
    names = f"{locus.records[0].chromosome}, {_bare(locus.records[0].chromosome)}"
    return (
        f"{path}: nothing on the chromosome of the locus; found {found}{more}; expected {names} or "
        f"{locus.accession}; name a VCF of this chromosome and assembly ({locus.assembly})"
    )


def _check_complete(path: Path) -> None:
    """Refuse a bgzip file without its last block: cut between two blocks it reads as whole."""
    with path.open("rb") as file:
        head = file.read(18)
        if not (head.startswith(GZIP_MAGIC) and head[12:16] == BGZF_FIELD):
            return
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - len(BGZF_END)))
        if file.read() != BGZF_END:
            raise LocusError(f"{path}: bgzip file without its end block; copy it again")


def _span(record: Record) -> tuple[int, int]:
    """Return the first and the last base of a record on its chromosome, 1-based."""
    start = record.chromosome_start or 1
    return start, start + len(record.sequence) - 1


def _alleles(
    line: _Line,
    record: Record,
    locus: Locus,
    keys_and_ignored: tuple[frozenset[str], frozenset[str]],
) -> Iterator[KnownAllele]:
    """Yield the alleles of a line that reach into a record."""
    start, end = _span(record)
    if line.position > end:
        return
    texts = line.text(4).split(",")
    lasts = _lasts(line, texts)
    if max(lasts) + 1 < start:
        return
    reference = line.text(3).upper()
    alternatives = [text if text.startswith("<") else text.upper() for text in texts]
    _check_line(line, reference, alternatives)
    _check_reference(line, reference, record, locus)
    keys, ignored = keys_and_ignored
    try:
        found = highest(line.info, len(alternatives), keys, ignored)
    except ValueError as problem:
        raise LocusError(
            f"{line.where}: {problem}; use the file as its database writes it, or mend the line"
        ) from None
    identifier = "" if line.text(2) == "." else line.text(2)
    for alternative, last, frequency in zip(alternatives, lasts, found, strict=True):
        if alternative in NOT_ALLELES or last + 1 < start:
            continue
        yield KnownAllele(
            record.name,
            line.text(0),
            line.position,
            last,
            identifier,
            reference,
            alternative,
            frequency.value if frequency else None,
            frequency.population if frequency else "",
        )


def _lasts(line: _Line, alternatives: Sequence[str]) -> list[int]:
    """Return the last base that each allele concerns: of REF, or by END and SVLEN.

    VCF 4.4 lets SVLEN win over END, earlier versions know END: where they differ the longer counts.
    """
    plain = line.position + len(line.cells[3]) - 1
    if not any(text.startswith("<") for text in alternatives):
        return [plain] * len(alternatives)
    cells = info_cells(line.info)
    end = _whole(line, "END", cells.get("END", ""))
    lengths = cells.get("SVLEN", "").split(",")
    if len(lengths) != len(alternatives):
        lengths = [""] * len(alternatives)
    return [
        max(plain, end, line.position + abs(_whole(line, "SVLEN", length)))
        if text.startswith("<") and not text.startswith("<INS")
        else plain
        for text, length in zip(alternatives, lengths, strict=True)
    ]


def _whole(line: _Line, key: str, text: str) -> int:
    if text in ("", "."):
        return 0
    if not re.fullmatch(r"[+-]?\d{1,12}", text, re.ASCII):
        raise LocusError(f"{line.where}: {key} is {text[:20]!r}; expected a whole number")
    return int(text)


def _check_line(line: _Line, reference: str, alternatives: Sequence[str]) -> None:
    if not REF_LETTERS.fullmatch(reference):
        raise LocusError(f"{line.where}: REF is {reference[:20]!r}; expected A, C, G, T or N")
    if wrong := [text for text in alternatives if not ALT_FORM.fullmatch(text)]:
        raise LocusError(
            f"{line.where}: ALT holds {wrong[0][:20]!r}; expected bases, *, <...> or a breakend"
        )


def _check_reference(line: _Line, reference: str, record: Record, locus: Locus) -> None:
    """Compare REF with the record, where both have a base."""
    index = line.position - _span(record)[0]
    for at, base in enumerate(reference, index):
        here = record.sequence[at] if 0 <= at < len(record.sequence) else "N"
        if base != here and "N" not in (base, here):
            raise LocusError(
                f"{line.where}: REF has {base} at {record.chromosome}:{record.position(at):,}; "
                f"expected {here} ({locus.assembly}); name a VCF of this assembly"
            )
