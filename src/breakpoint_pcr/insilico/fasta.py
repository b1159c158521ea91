"""Records of a FASTA, plain, gzip or bgzip: read in one pass, in memory that does not grow."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from breakpoint_pcr.errors import LocusError
from breakpoint_pcr.insilico.packing import Block, blocks, packing_of

Letters = bytes | bytearray

LINE_ENDS = b" \t\r\n"


@dataclass(frozen=True, slots=True)
class Stretch:
    """Letters of a record, as they come; `address` is where its header line begins."""

    record: str
    address: int
    letters: bytes


def read_fasta(path: Path) -> Iterator[tuple[str, Letters]]:
    """Yield name and letters of each record of a FASTA, one record at a time.

    Raises:
        LocusError: The file is missing, is no FASTA, repeats a name or holds something but letters.
    """
    text = blocks(path, packing_of(path))
    seen: set[str] = set()
    for (name, _), parts in by_record(stretches(path, text)):
        check_name(path, name, seen)
        yield name, joined(parts)
    check_any(path, seen)


def check_name(path: Path, name: str, seen: set[str]) -> None:
    """Take note of a name.

    Raises:
        LocusError: It stands twice.
    """
    if name in seen:
        raise LocusError(f"{path}: record {name!r} stands twice; give each its own name")
    seen.add(name)


def check_any(path: Path, seen: set[str]) -> None:
    """Refuse a file without records.

    Raises:
        LocusError: There is none.
    """
    if not seen:
        raise LocusError(f"{path}: no record; a FASTA begins with a line '>name'")


def by_record(parts: Iterable[Stretch]) -> Iterator[tuple[tuple[str, int], Iterator[Stretch]]]:
    """Group the stretches of each record, under its name and address."""
    return groupby(parts, key=lambda part: (part.record, part.address))


def joined(parts: Iterable[Stretch]) -> bytearray:
    """Return the letters of a record; it grows in place, so that they are in memory once."""
    letters = bytearray()
    for part in parts:
        letters += part.letters
    return letters


def stretches(path: Path, text: Iterable[Block]) -> Iterator[Stretch]:
    """Yield the letters of all records in pieces; the first piece of each record is empty.

    Args:
        path: File that the messages name.
        text: Blocks of the file, from the beginning of a line on.

    Raises:
        LocusError: The text is no FASTA, or holds something but letters.
    """
    name, begun, line = "", 0, 1
    for address, header, part in _split(text):
        if header:
            name, begun = _name(path, line, part), address
            line += 1
            yield Stretch(name, begun, b"")
            continue
        if not name and part.strip():
            raise LocusError(f"{path}: text before the first '>'; expected a FASTA")
        line += part.count(b"\n")
        if name:
            yield Stretch(name, begun, _letters(path, name, part))


def _split(text: Iterable[Block]) -> Iterator[tuple[int, bool, bytes]]:
    """Yield address, whether it is a header, and text of whole headers and of what is between."""
    header, begun, line_start = None, 0, True
    for place, block in text:
        at = 0
        while at < len(block):
            if header is None:
                end = _next_header(block, at, line_start=line_start)
                yield place + at, False, block[at:end]
                if end < len(block):
                    header, begun = b"", place + end
            else:
                end = _line_end(block, at)
                header += block[at:end]
                if end < len(block):
                    yield begun, True, header
                    header = None
            at = end + 1
        line_start = block.endswith(b"\n") if block else line_start
    if header is not None:
        yield begun, True, header


def _next_header(block: bytes, at: int, *, line_start: bool) -> int:
    """Return where the next line with '>' begins, or the end of the block."""
    if b">" not in block:
        return len(block)
    if at == 0 and line_start and block.startswith(b">"):
        return 0
    found = block.find(b"\n>", max(0, at - 1))
    return found + 1 if found >= 0 else len(block)


def _line_end(block: bytes, at: int) -> int:
    found = block.find(b"\n", at)
    return found if found >= 0 else len(block)


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
