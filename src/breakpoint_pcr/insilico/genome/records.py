"""The records of a genome: found in one pass, grouped into parts, read again part by part."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path

from breakpoint_pcr.errors import LocusError
from breakpoint_pcr.insilico.fasta import (
    by_record,
    check_any,
    check_name,
    joined,
    stretches,
)
from breakpoint_pcr.insilico.packing import Block, blocks, packing_of
from breakpoint_pcr.insilico.rows import GenomeRecord

PART_DIGITS = 3


def index_genome(path: Path) -> list[GenomeRecord]:
    """List the records of a FASTA, plain, gzip or bgzip, in its order; one pass, in pieces.

    Raises:
        LocusError: The file is missing, damaged or no FASTA, a record is empty, a name stands
            twice, or a sequence holds something but letters.
    """
    packing = packing_of(path)
    seen: set[str] = set()
    records: list[GenomeRecord] = []
    for (name, offset), parts in by_record(stretches(path, blocks(path, packing))):
        check_name(path, name, seen)
        length_nt = sum(len(part.letters) for part in parts)
        if not length_nt:
            raise LocusError(f"{path}: record {name} is empty; remove it, or restore its sequence")
        records.append(GenomeRecord("", name, length_nt, packing, offset))
    check_any(path, seen)
    return records


def parts_of(records: Sequence[GenomeRecord], part_nt: int) -> list[GenomeRecord]:
    """Group consecutive records into parts named 001, 002, ...

    A part ends before the record with which it would hold more than `part_nt` bases; so a longer
    record is a part of its own.
    """
    numbers: list[int] = []
    number, filled = 0, 0
    for record in records:
        if not number or filled + record.length_nt > part_nt:
            number, filled = number + 1, 0
        filled += record.length_nt
        numbers.append(number)
    digits = max(PART_DIGITS, len(str(number)))
    return [
        replace(record, part=f"{number:0{digits}}")
        for record, number in zip(records, numbers, strict=True)
    ]


def read_part(
    path: Path, records: Sequence[GenomeRecord]
) -> Iterator[tuple[GenomeRecord, bytearray]]:
    """Yield the letters of consecutive records, one record at a time.

    Raises:
        LocusError: The file is not the one that was listed, or cannot be read.
    """
    if not records:
        return
    if packing_of(path) is not records[0].packing:
        raise _changed(path, records[0])
    text = _from_header(path, records[0])
    found = islice(by_record(stretches(path, text)), len(records))
    count = 0
    for record, ((name, _), parts) in zip(records, found, strict=False):
        letters = joined(parts)
        if name != record.record or len(letters) != record.length_nt:
            raise _changed(path, record)
        count += 1
        yield record, letters
        del letters  # before the next record grows
    if count < len(records):
        raise _changed(path, records[count])


def _from_header(path: Path, record: GenomeRecord) -> Iterable[Block]:
    """Yield the blocks from a record on, which must begin with its header line."""
    text = blocks(path, record.packing, record.offset)
    first = next((block for block in text if block[1]), (0, b""))
    if not first[1].startswith(b">"):
        raise _changed(path, record)
    yield first
    yield from text


def _changed(path: Path, record: GenomeRecord) -> LocusError:
    return LocusError(
        f"{path}: record {record.record} ({record.length_nt} nt) is not where it was listed; "
        "the file has changed since; run again from the list of its records on"
    )
