"""The part of a FASTA that becomes the locus, and where it lies on its chromosome."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from breakpoint_pcr.errors import LocusError
from breakpoint_pcr.insilico.fasta import by_record, check_any, stretches
from breakpoint_pcr.insilico.packing import blocks, packing_of
from breakpoint_pcr.reference import checked_bases

REGION = re.compile(r"(?P<record>\S+):(?P<first>[0-9,]{1,15})-(?P<last>[0-9,]{1,15})")
# How many names of records a message lists.
NAMES_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Region:
    """Bases `first` to `last` of a record, 1-based and closed."""

    record: str
    first: int
    last: int

    def __str__(self) -> str:
        """Return it as people write it."""
        return f"{self.record}:{self.first}-{self.last}"


def region_of(text: str) -> Region:
    """Read a region such as chr7:50,299,083-50,407,101.

    Raises:
        LocusError: The text is no region.
    """
    found = REGION.fullmatch(text.strip())
    first, last = (
        (int(found[side].replace(",", "") or 0) for side in ("first", "last")) if found else (0, 0)
    )
    if not found or not 0 < first <= last:
        raise LocusError(
            f"region {text!r}: expected RECORD:FIRST-LAST, 1-based, such as chr7:50299083-50407101"
        )
    return Region(found["record"], first, last)


def whole_record(path: Path) -> tuple[str, str]:
    """Return name and bases of the only record of a FASTA, plain or gzip.

    Raises:
        LocusError: It holds none or several, or letters that are no bases.
    """
    found: list[tuple[str, bytearray]] = []
    for name, letters in _records(path):
        if found:
            raise LocusError(
                f"{path}: holds several records ({found[0][0]}, {name}, ...); expected one; "
                "name the part that you mean with --region"
            )
        found.append((name, bytearray().join(letters)))
    check_any(path, {name for name, _ in found})
    name, letters = found[0]
    return name, _bases(f"{path}: record {name}", letters)


def cut(path: Path, region: Region) -> str:
    """Return the bases of a region of a FASTA, plain or gzip, read up to its end only.

    Raises:
        LocusError: The record is missing or shorter, or holds letters that are no bases.
    """
    names: list[str] = []
    for name, letters in _records(path):
        if name == region.record:
            return _cut(f"{path}: region {region}", letters, region)
        names.append(name)
    check_any(path, set(names))
    shown = ", ".join(names[:NAMES_SHOWN]) + (", ..." if len(names) > NAMES_SHOWN else "")
    raise LocusError(
        f"{path}: record {region.record!r} is not there; found {shown}; write it as the FASTA does"
    )


def _records(path: Path) -> Iterator[tuple[str, Iterator[bytes]]]:
    text = blocks(path, packing_of(path))
    for (name, _), parts in by_record(stretches(path, text)):
        yield name, (part.letters for part in parts)


def _cut(where: str, letters: Iterator[bytes], region: Region) -> str:
    kept, at = bytearray(), 0
    for part in letters:
        kept += part[max(0, region.first - 1 - at) : max(0, region.last - at)]
        at += len(part)
        if at >= region.last:
            return _bases(where, kept)
    raise LocusError(f"{where}: the record has {at:,} bases; name a region inside it")


def _bases(where: str, letters: bytearray) -> str:
    """Return the bases; an RNA's U is T."""
    return checked_bases(where, letters.decode("ascii").upper().replace("U", "T"))
