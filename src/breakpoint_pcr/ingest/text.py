"""Text files: encoding, line ends, delimiter, cells."""

import codecs
import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from breakpoint_pcr.errors import ExportError
from breakpoint_pcr.ingest.cells import Line, is_blank
from breakpoint_pcr.ingest.source import Source, is_utf16

LINE_LETTERS_MAX = 1_000_000
HEADER_AND_ROWS = 3
FOOTER_CELLS = 2
DELIMITERS = "\t;,"
# What an unclosed quote swallows holds at least a whole row of the narrowest table.
SWALLOWED_DELIMITERS = 4
BYTE_ORDER_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
VENDOR_FALLBACK = "cp1252"
LAST_RESORT = "latin-1"


@dataclass(frozen=True, slots=True)
class Text:
    r"""A decoded file with `\n` line ends. `guessed` names the encoding where UTF-8 did not fit."""

    file: str
    content: str
    guessed: str = ""


def decode(source: Source, fallback: str = VENDOR_FALLBACK) -> Text:
    """Decode by byte order mark, else as UTF-8, else in the fallback encoding; never fails."""
    proper = [name for mark, name in BYTE_ORDER_MARKS.items() if source.content.startswith(mark)]
    if not proper and is_utf16(source.content):
        proper = ["utf-16-le" if source.content[1:2] == b"\0" else "utf-16-be"]
    proper.append("utf-8")
    for encoding in (*proper, fallback, LAST_RESORT):
        try:
            content = source.content.decode(encoding)
        except UnicodeError:
            continue
        return _text(source, content, "" if encoding in proper else encoding)
    raise AssertionError(LAST_RESORT)


def _text(source: Source, content: str, guessed: str) -> Text:
    return Text(source.name, content.replace("\r\n", "\n").replace("\r", "\n"), guessed)


def delimiter_after(text: Text, heading: str) -> str | None:
    """Return the delimiter that follows a heading at the start of a line."""
    pattern = rf"^\"?{re.escape(heading)}\"?([{DELIMITERS}])"
    match = re.search(pattern, text.content, re.MULTILINE | re.IGNORECASE)
    return match[1] if match else None


def lines_of(text: Text, delimiter: str) -> list[Line]:
    """Return the rows of a delimited text with their line numbers.

    Raises:
        ExportError: A NUL byte, an endless line or cell, or a quote that is never closed.
    """
    reader = csv.reader(_checked(text), delimiter=delimiter)
    lines: list[Line] = []
    first = 1
    try:
        for cells in reader:
            lines.append((first, cells))
            first = reader.line_num + 1
    except csv.Error as problem:
        raise ExportError(
            text.file, f"unreadable line ({problem}); copy or export it again", reader.line_num
        ) from None
    for number, cells in lines:
        if any("\n" in str(cell) for cell in cells):
            _check_quotes(text.file, (number, cells), delimiter)
    return lines


def _checked(text: Text) -> Iterator[str]:
    if "\0" in text.content:
        number = text.content.count("\n", 0, text.content.index("\0")) + 1
        raise ExportError(
            text.file, "NUL byte; the file is damaged; copy or export it again", number
        )
    for number, line in enumerate(text.content.split("\n"), start=1):
        if len(line) > LINE_LETTERS_MAX:
            raise ExportError(
                text.file, f"line of {len(line)} letters; the file is damaged; export again", number
            )
        yield f"{line}\n"


def _check_quotes(file: str, line: Line, delimiter: str) -> None:
    for cell in map(str, line[1]):
        if "\n" in cell and cell.count(delimiter) >= SWALLOWED_DELIMITERS:
            raise ExportError(
                file, 'a quote (") is opened and not closed; take it out or export again', line[0]
            )


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
