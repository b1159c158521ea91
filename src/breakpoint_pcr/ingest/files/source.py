"""A file of the run folder, opened: what it is, told by its content, never by its name."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from enum import StrEnum
from hashlib import file_digest
from pathlib import Path
from typing import TYPE_CHECKING

from breakpoint_pcr.errors import ExportError

if TYPE_CHECKING:
    from breakpoint_pcr.ingest.files.workbook import Book

# The largest real export known is 12 MB; a 384-well export with six dyes stays below 40 MB.
FILE_BYTES_MAX = 60_000_000
# Text in memory is up to four times its file, and its cells as much again; real ones reach 5 MB.
TEXT_BYTES_MAX = 25_000_000
HEAD_BYTES = 65_536
# By this much of a text the readers tell what it is.
SNIFFED_BYTES = 262_144
# The last is written before the first header by CFX and other .NET programs.
ZIP_MAGICS = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
UTF8_MARK, UTF16_MARKS = b"\xef\xbb\xbf", (b"\xff\xfe", b"\xfe\xff")
MAGICS = {
    b"%PDF": "PDF",
    b"\x89PNG": "PNG image",
    b"\xff\xd8\xff": "JPEG image",
    b"GIF8": "GIF image",
    b"II*\0": "TIFF image",
    b"MM\0*": "TIFF image",
    b"\x1f\x8b": "gzip archive",
    b"7z\xbc\xaf": "7z archive",
    b"Rar!": "rar archive",
    b"SQLite format 3": "SQLite database",
}
EDS_DESCRIBED = "EDS file"
CONTROL_SHARE_MAX = 0.1


class Content(StrEnum):
    """What can be done with a file."""

    TEXT = "text"
    WORKBOOK = "workbook"
    EMPTY = "empty file"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Source:
    """A file in memory. `whole` is false where only the head of a huge file was taken."""

    name: str
    kind: Content
    described: str
    content: bytes
    whole: bool = True
    book: "Book | None" = None


@contextmanager
def opening(path: Path) -> Generator[None]:
    """Let an OSError name the file: that of a share or disk that fails while it is read does not.

    Raises:
        OSError: The file cannot be read.
    """
    try:
        yield
    except OSError as problem:
        problem.filename = problem.filename or str(path)
        raise


def open_source(path: Path) -> Source:
    """Read a file and tell what it is.

    Raises:
        ExportError: A workbook or archive is damaged or hostile, or the file grows or shrinks.
        OSError: The file cannot be read.
    """
    size = path.stat().st_size
    if size > TEXT_BYTES_MAX and (huge := _huge(path, size)):
        return huge
    with opening(path), path.open("rb") as file:
        content = file.read(size + 1)
    if len(content) != size:
        raise ExportError(
            path.name, "changed while it was read; expected a whole file; wait, then run again"
        )
    if content.startswith((*ZIP_MAGICS, OLE_MAGIC)):
        # A text, which most exports are, needs nothing of what this loads.
        from breakpoint_pcr.ingest.files.containers import open_container  # noqa: PLC0415

        return open_container(path.name, content)
    return _plain(path.name, content)


def digest_file(path: Path) -> tuple[int, str]:
    """Return size and sha256 of a file."""
    with opening(path), path.open("rb") as file:
        return path.stat().st_size, file_digest(file, "sha256").hexdigest()


def head_of(source: Source) -> Source:
    """Return a text without what lies beyond its first 256 KB, cut at the end of a line."""
    if source.kind is not Content.TEXT or len(source.content) <= SNIFFED_BYTES:
        return source
    head = source.content[:SNIFFED_BYTES]
    if not (head.startswith(UTF16_MARKS) or is_utf16(head)):
        end = max(head.rfind(b"\n"), head.rfind(b"\r")) + 1
        head = head[: end or SNIFFED_BYTES]
    return replace(source, content=head)


def _huge(path: Path, size: int) -> Source | None:
    """Return the head of a file that is larger than its kind may be."""
    with opening(path), path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    known = head.startswith((*ZIP_MAGICS, OLE_MAGIC, *MAGICS))
    kind = Content.TEXT if _is_text(head) and not known else Content.OTHER
    most = TEXT_BYTES_MAX if kind is Content.TEXT else FILE_BYTES_MAX
    if size <= most:
        return None
    return Source(path.name, kind, f"{kind} of {size} bytes, at most {most}", head, whole=False)


def _plain(name: str, content: bytes) -> Source:
    if not content:
        return Source(name, Content.EMPTY, "empty file", content)
    for magic, described in MAGICS.items():
        if content.startswith(magic):
            return Source(name, Content.OTHER, described, content)
    if _is_text(content[:HEAD_BYTES]):
        return Source(name, Content.TEXT, "text", content)
    return Source(name, Content.OTHER, "binary file", content)


def _is_text(head: bytes) -> bool:
    """Tell text from binary: few control characters, or every second byte zero (UTF-16)."""
    if head.startswith((UTF8_MARK, *UTF16_MARKS)) or is_utf16(head):
        return True
    control = sum(head.count(code) for code in range(32) if code not in (9, 10, 12, 13))
    return control <= CONTROL_SHARE_MAX * len(head)


def is_utf16(head: bytes) -> bool:
    """Tell UTF-16 without a byte order mark: nearly all zeros stand on one side of the pairs."""
    odd, even = head[1:400:2].count(0), head[0:400:2].count(0)
    half = min(len(head), 400) // 2
    return max(odd, even) > 0.6 * half and min(odd, even) <= 0.1 * half
