"""Guard for OLE2 compound files (xls): a chain of sectors that runs in a circle never ends.

Layout: Microsoft [MS-CFB], sections 2.2 (header), 2.3 (FAT), 2.4 (mini FAT), 2.6 (directory).
"""

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from breakpoint_pcr.errors import ExportError

HEADER_BYTES = 512
HEADER_FAT_ENTRIES = 109
SECTOR_SHIFTS = (9, 12)
END_OF_CHAIN = 0xFFFFFFFE
LAST_SECTOR = 0xFFFFFFFA
ENTRY_BYTES = 128
MINI = 64
STREAM, ROOT = 2, 5


@dataclass(frozen=True, slots=True)
class _Sectors:
    """The sectors of a file."""

    content: bytes
    size: int

    def sector(self, number: int) -> bytes:
        start = (number + 1) * self.size
        if number > LAST_SECTOR or start >= len(self.content):
            raise ValueError(number)
        return self.content[start : start + self.size]

    def joined(self, numbers: Sequence[int]) -> bytes:
        return b"".join(map(self.sector, numbers))


def read_streams(file: str, content: bytes) -> dict[str, bytes]:
    """Return the streams of a compound file whose chains all come to an end.

    Raises:
        ExportError: The file is cut off or damaged.
    """
    try:
        return dict(_streams(content))
    except (ValueError, struct.error):
        raise ExportError(
            file, "cut off or damaged xls or OLE2 file; copy or export it again"
        ) from None


def _streams(content: bytes) -> Iterator[tuple[str, bytes]]:
    (shift,) = struct.unpack_from("<H", content, 30)
    directory, _, cutoff, mini = struct.unpack_from("<4I", content, 48)
    if shift not in SECTOR_SHIFTS:
        raise ValueError(shift)
    sectors = _Sectors(content, 1 << shift)
    fat = _numbers(sectors.joined(_fat_sectors(sectors)))
    mini_fat = _numbers(sectors.joined(_chain(mini, fat)))
    table = sectors.joined(_chain(directory, fat))
    entries = [_entry(table[n : n + ENTRY_BYTES]) for n in range(0, len(table), ENTRY_BYTES)]
    small = b"".join(
        sectors.joined(_chain(start, fat)) for _, kind, start, _ in entries if kind == ROOT
    )
    for name, kind, start, size in entries:
        if kind == STREAM and size >= cutoff:
            yield name, sectors.joined(_chain(start, fat))[:size]
        elif kind == STREAM:
            numbers = _chain(start, mini_fat) if size else []
            yield name, b"".join(small[n * MINI : (n + 1) * MINI] for n in numbers)[:size]


def _entry(entry: bytes) -> tuple[str, int, int, int]:
    """Return name, kind, first sector and size of a directory entry."""
    (length,) = struct.unpack_from("<H", entry, 64)
    start, size = struct.unpack_from("<2I", entry, 116)
    return entry[: max(length - 2, 0)].decode("utf-16-le", "replace"), entry[66], start, size


def _fat_sectors(sectors: _Sectors) -> list[int]:
    """Return the sectors that hold the FAT: named in the header, then in a chain of sectors."""
    numbers = list(struct.unpack_from(f"<{HEADER_FAT_ENTRIES}I", sectors.content, 76))
    following, count = struct.unpack_from("<2I", sectors.content, 68)
    for _ in range(min(count, len(sectors.content) // sectors.size)):
        *more, following = _numbers(sectors.sector(following))
        numbers += more
    if following <= LAST_SECTOR:
        raise ValueError(following)
    return [number for number in numbers if number <= LAST_SECTOR]


def _chain(start: int, table: Sequence[int]) -> list[int]:
    chain: list[int] = []
    while start != END_OF_CHAIN:
        if start >= len(table) or len(chain) >= len(table):
            raise ValueError(start)
        chain.append(start)
        start = table[start]
    return chain


def _numbers(content: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(content) // 4}I", content[: len(content) // 4 * 4])
