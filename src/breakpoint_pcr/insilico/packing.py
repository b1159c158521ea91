"""Text of a plain, gzip or bgzip file, in blocks, from any address on.

An address says where a later reader begins: in plain and gzip text the bytes before it (gzip has to
be unpacked from the beginning all the same), in bgzip its virtual offset: where its block begins in
the file, times 65,536, plus the bytes of the block before it. So the address of a byte is the one
of its block plus its place in the block, however the file is packed.

bgzip is gzip in blocks of at most 64 kB; each names its packed size in the extra field `BC`, and an
empty one ends the file (Sequence Alignment/Map format specification, section 4.1).
"""

import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from breakpoint_pcr.errors import LocusError
from breakpoint_pcr.insilico.rows import Packing

Block = tuple[int, bytes]

BLOCK_BYTES = 1 << 20
GZIP_MAGIC = b"\x1f\x8b"
# Gzip, packed by deflate, with extra fields.
BGZIP_MAGIC = b"\x1f\x8b\x08\x04"
BGZIP_FIELD = b"BC\x02\x00"
HEAD_BYTES = 12
OFFSET_BITS = 16
GZIP_WINDOW = 31


def packing_of(path: Path) -> Packing:
    """Tell how a file is packed, by its first bytes.

    Raises:
        LocusError: The file is missing or cannot be read.
    """
    if not path.is_file():
        raise LocusError(f"{path}: file missing; name a FASTA")
    try:
        with path.open("rb") as file:
            head = file.read(HEAD_BYTES)
            extra = file.read(_extra_bytes(head)) if head.startswith(BGZIP_MAGIC) else b""
    except OSError as problem:
        raise LocusError(f"{path}: cannot be read ({problem.strerror})") from None
    if _block_bytes(extra):
        return Packing.BGZIP
    return Packing.GZIP if head.startswith(GZIP_MAGIC) else Packing.PLAIN


def blocks(path: Path, packing: Packing, address: int = 0) -> Iterator[Block]:
    """Yield address and text of each block, from an address on.

    Raises:
        LocusError: The file cannot be read, is damaged or ends too early.
    """
    reader = {Packing.PLAIN: _plain, Packing.GZIP: _gzip, Packing.BGZIP: _bgzip}[packing]
    try:
        with path.open("rb") as file:
            yield from reader(file, address)
    except (EOFError, gzip.BadGzipFile, zlib.error) as problem:
        raise LocusError(f"{path}: damaged {packing} file ({problem}); copy it again") from None
    except OSError as problem:
        raise LocusError(f"{path}: cannot be read ({problem.strerror})") from None


def _plain(file: IO[bytes], address: int) -> Iterator[Block]:
    file.seek(address)
    while text := file.read(BLOCK_BYTES):
        yield address, text
        address += len(text)


def _gzip(file: IO[bytes], address: int) -> Iterator[Block]:
    place = 0
    with gzip.GzipFile(fileobj=file) as unpacked:
        while text := unpacked.read(BLOCK_BYTES):
            if place + len(text) > address:
                skipped = max(0, address - place)
                yield place + skipped, text[skipped:]
            place += len(text)


def _bgzip(file: IO[bytes], address: int) -> Iterator[Block]:
    start, skipped = divmod(address, 1 << OFFSET_BITS)
    file.seek(start)
    ended = False
    while block := _bgzip_block(file):
        text = zlib.decompress(block, GZIP_WINDOW)
        yield (start << OFFSET_BITS) + skipped, text[skipped:]
        ended, start, skipped = not text, start + len(block), 0
    if not ended:
        raise EOFError("the empty block at its end is missing")


def _bgzip_block(file: IO[bytes]) -> bytes:
    """Return the next block as it is packed; nothing at the end of the file."""
    head = file.read(HEAD_BYTES)
    if not head:
        return b""
    extra = file.read(_extra_bytes(head)) if head.startswith(BGZIP_MAGIC) else b""
    rest = _block_bytes(extra) - len(head) - len(extra)
    if rest <= 0:
        raise gzip.BadGzipFile("a block has no head")
    return head + extra + file.read(rest)


def _extra_bytes(head: bytes) -> int:
    return int.from_bytes(head[HEAD_BYTES - 2 : HEAD_BYTES], "little")


def _block_bytes(extra: bytes) -> int:
    """Return the packed size of a block by its extra fields; 0 when they do not tell it."""
    at = 0
    while at + len(BGZIP_FIELD) + 2 <= len(extra):
        if extra[at:].startswith(BGZIP_FIELD):
            return int.from_bytes(extra[at + 4 : at + 6], "little") + 1
        at += 4 + int.from_bytes(extra[at + 2 : at + 4], "little")
    return 0
