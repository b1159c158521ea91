"""Files of reads: FASTA, FASTQ and Sanger traces (.ab1), plain or gzip, told by their content."""

import gzip
import io
import struct
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from breakpoint_pcr.errors import ConfigError, ExportError
from breakpoint_pcr.folders import folder_files
from breakpoint_pcr.junctions.reads import Letters, Read, cleaned, finished
from breakpoint_pcr.junctions.settings import MappingSettings
from breakpoint_pcr.tables import Finding, Level

GZIP_MAGIC, TRACE_MAGIC = b"\x1f\x8b", b"ABIF"
TRACE_SUFFIXES = (".ab1", ".abi", ".gz")
PHRED_OFFSET, PHRED_MAX = 33, 93
NO_NAME = "<unknown id>"  # what Biopython calls a trace without a sample name
EXPECTED = "expected FASTA, FASTQ or .ab1, plain or gzip"
MEGABYTE = 1_000_000


def read_reads(
    paths: Sequence[Path], settings: MappingSettings
) -> tuple[list[Read], list[Finding]]:
    """Read all files; a folder stands for the files in it, hidden ones left out.

    A file that cannot be read becomes a finding, and the others are read. Reads keep the order of
    the paths; the files of a folder are sorted by name.

    Args:
        paths: Files and folders.
        settings: Sizes that are refused, and the trimming.

    Returns:
        Reads, and what a person should know of the files.

    Raises:
        ConfigError: There is nothing to read.
    """
    if not paths:
        raise ConfigError(
            "config: junctions is null; name files or folders with reads (FASTA, FASTQ, .ab1)"
        )
    reads: list[Read] = []
    findings: list[Finding] = []
    for label, path in _labelled(_files(paths)):
        try:
            new = _read_file(path, label, settings)
        except ExportError as problem:
            findings.append(_finding(Level.ERROR, label, "reads_not_readable", f"{problem}"))
            continue
        reads += [read for read, _ in new]
        findings += [finding for _, notes in new for finding in notes]
    if not reads:
        sentence = "no reads: no junction was mapped; put FASTA, FASTQ or .ab1 files there"
        findings.append(_finding(Level.WARNING, "reads", "no_reads", sentence))
    return reads, findings


def _finding(level: Level, subject: str, code: str, sentence: str) -> Finding:
    return Finding(level, "read", subject, code, sentence)


def _files(paths: Sequence[Path]) -> list[Path]:
    """Return the files, each once; a path that leads nowhere stays, and fails when it is opened."""
    found: dict[Path, Path] = {}
    for path in paths:
        try:
            inside = folder_files(path) if path.is_dir() else [path]
        except OSError:
            inside = [path]
        for file in inside:
            found.setdefault(file.resolve(), file)
    return list(found.values())


def _labelled(files: Sequence[Path]) -> list[tuple[str, Path]]:
    """Name each file by as many of its folders as it takes to tell it from the others."""
    labels: list[tuple[str, Path]] = []
    for file in files:
        parts = file.resolve().parts
        depth = 1
        while depth < len(parts) and _shared(parts[-depth:], files) > 1:
            depth += 1
        labels.append(("/".join(parts[-depth:]), file))
    return labels


def _shared(tail: tuple[str, ...], files: Sequence[Path]) -> int:
    return sum(file.resolve().parts[-len(tail) :] == tail for file in files)


def _read_file(
    path: Path, label: str, settings: MappingSettings
) -> list[tuple[Read, list[Finding]]]:
    """Return the reads of a file, each with its findings.

    Raises:
        ExportError: The file is damaged, too large, or none of the formats.
    """
    content = _content(path, label, settings.file_max_mb)
    try:
        entries = list(islice(_entries(content, path), settings.reads_max + 1))
    except (ValueError, AssertionError, struct.error, IndexError, OverflowError) as problem:
        said = " ".join(str(problem).split()) or "its parts contradict each other"
        raise ExportError(label, f"damaged ({said}); {EXPECTED}; copy it again") from None
    if not entries:
        raise ExportError(label, f"holds no read; {EXPECTED}")
    if len(entries) > settings.reads_max:
        raise ExportError(
            label,
            f"more than {settings.reads_max:,} reads; expected those of one product; split the "
            "file, or raise junction_mapping.reads_max",
        )
    return [
        (finished(entry, label, settings.trim_error_max), list(_notes(entry, name, label)))
        for entry, name in _distinct(entries)
    ]


def _content(path: Path, label: str, max_mb: int) -> bytes:
    """Return what a file holds, unpacked."""
    limit = max_mb * MEGABYTE
    try:
        with path.open("rb") as file:
            content = file.read(limit + 1)
        if content.startswith(GZIP_MAGIC):
            with gzip.open(path, "rb") as packed:
                content = packed.read(limit + 1)
    except (EOFError, gzip.BadGzipFile, zlib.error) as problem:
        raise ExportError(label, f"damaged gzip file ({problem}); copy it again") from None
    except OSError as problem:
        said = problem.strerror or str(problem)
        raise ExportError(
            label, f"cannot be opened ({said}); name a file that can be read"
        ) from None
    if len(content) > limit:
        raise ExportError(
            label,
            f"more than {max_mb} MB; expected reads of products; split the file, or raise "
            "junction_mapping.file_max_mb",
        )
    if not content:
        raise ExportError(label, f"empty; {EXPECTED}; copy it again")
    return content


def _entries(content: bytes, path: Path) -> Iterator[Letters]:
    """Yield the reads of a file, as the first bytes of it tell what it is."""
    if content.startswith(TRACE_MAGIC):
        yield _trace(content, path)
        return
    text = _text(content).lstrip()
    if text.startswith(">"):
        yield from _fasta(text)
    elif text.startswith("@"):
        yield from _fastq(text)
    elif text:
        raise ValueError(f"it begins with {text[:1]!r}")


def _text(content: bytes) -> str:
    """Decode; only names may hold letters beyond ASCII. Line ends become one kind."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("latin-1")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _fasta(text: str) -> Iterator[Letters]:
    from Bio.SeqIO.FastaIO import SimpleFastaParser  # noqa: PLC0415  (Biopython takes a while)

    for title, sequence in SimpleFastaParser(io.StringIO(text)):
        yield Letters(title, sequence, None)


def _fastq(text: str) -> Iterator[Letters]:
    from Bio.SeqIO.QualityIO import FastqGeneralIterator  # noqa: PLC0415

    for title, sequence, marks in FastqGeneralIterator(io.StringIO(text.rstrip() + "\n")):
        qualities = tuple(ord(mark) - PHRED_OFFSET for mark in marks)
        if any(not 0 <= quality <= PHRED_MAX for quality in qualities):
            raise ValueError(f"a quality of {title} is no Phred+33 letter")
        yield Letters(title, sequence, qualities)


def _trace(content: bytes, path: Path) -> Letters:
    """Return the read of a Sanger trace, as the base caller called it (PBAS2, PCON2)."""
    from Bio import SeqIO  # noqa: PLC0415

    record = SeqIO.read(io.BytesIO(content), "abi")
    found = record.letter_annotations.get("phred_quality")
    name = record.id.strip("\x00 ") if record.id and record.id != NO_NAME else ""
    stem = path.name
    while (suffix := Path(stem).suffix.lower()) in TRACE_SUFFIXES:
        stem = stem[: -len(suffix)]
    sequence = str(record.seq).replace("-", "N")  # as older base callers write it
    if not sequence:
        raise ValueError("a trace without called bases")
    return Letters(name or stem, sequence, tuple(found) if found else None)


def _distinct(entries: Sequence[Letters]) -> Iterator[tuple[Letters, str]]:
    """Give each read of a file a name of its own; yield it with the name as it stands there.

    The first word of a title is the name, as everywhere; the whole title where that stands twice.
    """
    words = [(entry.name.split() or ["(no name)"])[0] for entry in entries]
    names = words if len(set(words)) == len(words) else [entry.name for entry in entries]
    counts, seen = Counter(names), Counter[str]()
    for entry, name in zip(entries, names, strict=True):
        seen[name] += 1
        own = f"{name} ({seen[name]})" if counts[name] > 1 else name
        yield Letters(own or "(no name)", entry.text, entry.qualities), name


def _notes(entry: Letters, name: str, label: str) -> Iterator[Finding]:
    subject = f"{label}: {entry.name}"
    if entry.name != name:
        sentence = f"the name {name!r} stands several times in the file; reads are numbered"
        yield _finding(Level.WARNING, subject, "read_name_repeated", sentence)
    if (cut := cleaned(entry)[1]) > 0:
        sentence = f"{cut} letters beside what is no nucleotide letter were cut off; check the file"
        yield _finding(Level.WARNING, subject, "letters_cut", sentence)
