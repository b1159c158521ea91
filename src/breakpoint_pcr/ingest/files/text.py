"""Text files: encoding, line ends, delimiter, cells."""

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import StringIO
from itertools import islice

from breakpoint_pcr.errors import ExportError
from breakpoint_pcr.ingest.cells import Line, is_blank
from breakpoint_pcr.ingest.files.source import UTF8_MARK, UTF16_MARKS, Source, is_utf16

LINE_LETTERS_MAX = 1_000_000
# 384 wells, six dyes and all tables of a run are 1.0 million cells; one column a well, 400.
CELLS_MAX = 2_000_000
LINE_CELLS_MAX = 2_000
# 384 wells, 45 cycles and a melt of 500 steps, a line each, are 209,280.
LINES_MAX = 300_000
HEADER_AND_ROWS = 3
FOOTER_CELLS = 2
DELIMITERS = "\t;,"
# What an unclosed quote swallows holds at least a whole row of the narrowest table.
SWALLOWED_DELIMITERS = 4
# What the csv module says at the end of such a text.
UNCLOSED = "unexpected end of data"
NOT_CLOSED = 'a quote (") is opened and not closed: cut off, or take it out; export again'
VENDOR_FALLBACK = "cp1252"
CHINESE = "gb18030"
LAST_RESORT = "latin-1"
# Letters of GB18030 beyond ASCII, of four bytes or two. A Chinese text is made of the 3,755 common
# ones (B0A1 to D7FE). In a western one the letters beyond ASCII stand alone and seem to take an
# ASCII letter along, or are small (é, ü: E0 to FF).
CHINESE_LETTER = re.compile(rb"[\x81-\xfe](?:[0-9][\x81-\xfe][0-9]|[\x40-\xfe])")
CHINESE_SIGN = re.compile(rb"[\xa1-\xa9][\xa1-\xfe]")
CHINESE_COMMON = re.compile(rb"[\xb0-\xd7][\xa1-\xfe]")
LONE = re.compile(rb".[\x40-\x7e]", re.DOTALL)
COMMON_A_LONE = 4
LETTERS_JUDGED = 20_000


@dataclass(frozen=True, slots=True)
class Text:
    r"""A decoded file with `\n` line ends.

    `guessed` names the encoding where UTF-8 did not fit. `damaged` tells UTF-16 with bytes that are
    no letters: what it is can still be told, its lines cannot be read.
    """

    file: str
    content: str
    guessed: str = ""
    damaged: bool = False


def decode(source: Source, configured: str = "") -> Text:
    """Decode by byte order mark, else as UTF-8, else as configured; never fails.

    Where none of them fits, the letters tell GB18030 (a Chinese Windows) from cp1252: one of them
    is taken, and named in `guessed`.
    """
    if wide := _utf16(source.content):
        try:
            return _text(source, source.content.decode(wide))
        except UnicodeError:
            return _text(source, source.content.decode(wide, "replace"), damaged=True)
    utf8 = "utf-8-sig" if source.content.startswith(UTF8_MARK) else "utf-8"
    for encoding in (utf8, configured, "", LAST_RESORT):
        try:
            name = encoding or _likely(source.content)
            content = source.content.decode(name)
        except UnicodeError:
            continue
        return _text(source, content, guessed="" if name == utf8 else name)
    raise AssertionError(LAST_RESORT)


def _utf16(content: bytes) -> str:
    """Return the form of UTF-16 that a text is in, by its mark or by its zeros; empty for none."""
    if content.startswith(UTF16_MARKS):
        return "utf-16"
    if not is_utf16(content):
        return ""
    return "utf-16-le" if content[1:2] == b"\0" else "utf-16-be"


def _likely(content: bytes) -> str:
    """Return the encoding that letters beyond ASCII look like; it may not fit all of them."""
    letters = [match[0] for match in islice(CHINESE_LETTER.finditer(content), LETTERS_JUDGED)]
    common, signs, lone = (
        sum(map(bool, map(kind.fullmatch, letters)))
        for kind in (CHINESE_COMMON, CHINESE_SIGN, LONE)
    )
    rare = len(letters) - common - signs - lone
    if common <= COMMON_A_LONE * lone or common < rare:
        return VENDOR_FALLBACK
    try:
        content.decode(CHINESE)
    except UnicodeError:
        return VENDOR_FALLBACK
    return CHINESE


def _text(source: Source, content: str, *, guessed: str = "", damaged: bool = False) -> Text:
    if "\r" in content:
        content = content.replace("\r\n", "\n")
        content = content.replace("\r", "\n")
    return Text(source.name, content, guessed, damaged)


def delimiter_after(text: Text, heading: str) -> str | None:
    """Return the delimiter that follows a heading at the start of a line."""
    pattern = rf"^\"?{re.escape(heading)}\"?([{DELIMITERS}])"
    match = re.search(pattern, text.content, re.MULTILINE | re.IGNORECASE)
    return match[1] if match else None


def lines_of(text: Text, delimiter: str) -> list[Line]:
    """Return the rows of a delimited text with their line numbers.

    Raises:
        ExportError: Damaged UTF-16, a NUL byte, an endless line or cell, or a quote that is never
            closed.
    """
    # Strict: otherwise "28,56"74 would be read as 28,5674.
    reader = csv.reader(_checked(text), delimiter=delimiter, strict=True)
    lines: list[Line] = []
    first, count = 1, 0
    try:
        for cells in reader:
            count += len(cells)
            if count > CELLS_MAX or len(cells) > LINE_CELLS_MAX or first > LINES_MAX:
                raise _too_much(text.file, first)
            lines.append((first, cells))
            if reader.line_num > first:
                _check_quotes(text.file, (first, cells), delimiter)
            first = reader.line_num + 1
    except csv.Error as problem:
        if UNCLOSED in str(problem):
            raise ExportError(text.file, NOT_CLOSED, first) from None
        raise ExportError(
            text.file, f"unreadable line ({problem}); copy or export it again", reader.line_num
        ) from None
    return lines


def _too_much(file: str, line: int) -> ExportError:
    return ExportError(
        file,
        f"more than {LINES_MAX} lines, {CELLS_MAX} cells, or {LINE_CELLS_MAX} cells in a line; "
        "expected one plate; export fewer tables",
        line,
    )


def _checked(text: Text) -> Iterator[str]:
    content = text.content
    if text.damaged:
        raise ExportError(
            text.file, "UTF-16 text that is cut off or damaged; copy or export it again"
        )
    if "\0" in content:
        number = content.count("\n", 0, content.index("\0")) + 1
        raise ExportError(
            text.file, "NUL byte; the file is damaged; copy or export it again", number
        )
    for number, line in enumerate(StringIO(content, newline="\n"), start=1):
        if len(line) > LINE_LETTERS_MAX:
            raise ExportError(
                text.file, f"line of {len(line)} letters; the file is damaged; export again", number
            )
        yield line


def _check_quotes(file: str, line: Line, delimiter: str) -> None:
    for cell in map(str, line[1]):
        if "\n" in cell and cell.count(delimiter) >= SWALLOWED_DELIMITERS:
            raise ExportError(file, NOT_CLOSED, line[0])


def check_end(text: Text, lines: Sequence[Line]) -> None:
    """Refuse a last row without line end that is shorter than the row above it.

    Raises:
        ExportError: The file is cut off.
    """
    if text.content.endswith("\n") or len(lines) < HEADER_AND_ROWS or is_blank(lines[-2][1]):
        return
    (number, last), (_, above) = lines[-1], lines[-2]
    if len(last) < len(above) and len(above) > FOOTER_CELLS:
        raise ExportError(
            text.file,
            "the last row is shorter than the one above it; the file is cut off; "
            "copy or export it again",
            number,
        )
