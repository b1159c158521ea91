"""A folder of facts: info.yaml, which names each file with its sha256, and those files.

People make such folders by hand, so everything that can be wrong in one is one line. `error` is
the kind of problem that the caller reports.
"""

import csv
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from breakpoint_pcr.config import read_yaml
from breakpoint_pcr.errors import LocusError, PanelError

INFO = "info.yaml"
# More digits than any position has; Python refuses to read numbers of thousands of digits.
DIGITS_MAX = 12
ResourceError = type[PanelError] | type[LocusError]
Row = tuple[str, dict[str, str]]


def read_info(
    folder: Path, keys: Sequence[str], *, made_of: str, error: ResourceError
) -> dict[str, Any]:
    """Read info.yaml.

    Args:
        folder: The folder of facts.
        keys: Keys that must have a value.
        made_of: What such a folder is, for the message.
        error: Kind of problem.
    """
    path = folder / INFO
    if not path.is_file():
        raise error(f"{folder}: no {INFO}; {made_of}")
    info = read_yaml(path)
    check_keys(f"{path}", info, keys, error=error)
    return info


def check_keys(where: str, entry: object, keys: Sequence[str], *, error: ResourceError) -> None:
    """Refuse what is no mapping, or lacks a value."""
    if not isinstance(entry, Mapping):
        raise error(f"{where}: holds {entry!r}; expected {', '.join(keys)} with values")
    if missing := [key for key in keys if entry.get(key) is None]:
        raise error(f"{where}: {missing[0]!r} missing; add it")


def entries_of(
    where: str, entries: object, keys: Sequence[str], *, error: ResourceError
) -> list[dict[str, Any]]:
    """Return a list of mappings, each of which has the keys."""
    if not isinstance(entries, list):
        raise error(f"{where}: holds {entries!r}; expected a list")
    for number, entry in enumerate(entries, start=1):
        check_keys(f"{where}, entry {number}", entry, keys, error=error)
    return entries


def inside(folder: Path, name: object, *, error: ResourceError) -> Path:
    """Return the path of a file that info.yaml names; it lies in the folder itself."""
    text = str(name)
    if text in {"", ".."} or text != Path(text).name or "\\" in text:
        raise error(
            f"{folder / INFO}: file is {text!r}; expected the name of a file in this folder; "
            "copy the file here"
        )
    return folder / text


def read_checked(path: Path, expected: object, *, advice: str, error: ResourceError) -> bytes:
    """Return the content of a file that has the sha256 `expected`."""
    if not path.is_file():
        raise error(f"{path}: file missing; {INFO} names it")
    content = path.read_bytes()
    found, stated = sha256(content).hexdigest(), str(expected).strip()
    if found == stated.lower():  # some programs print it in capitals
        return content
    if sha256(content.replace(b"\r\n", b"\n")).hexdigest() == stated.lower():
        raise error(
            f"{path}: only the line ends differ from {INFO}; restore the file, or its line ends"
        )
    raise error(f"{path}: sha256 is {found}, {INFO} says {stated or 'nothing'}; {advice}")


def rows_of(
    path: Path, content: bytes, columns: Sequence[str], *, error: ResourceError
) -> list[Row]:
    """Return where each row of a tab-separated table stands, and its cells by column.

    A byte order mark and Windows line ends, which spreadsheets write, are no part of a cell.
    """
    table = _rows(path, content, error)
    header = [name.strip() for name in table[0][1]] if table else []
    if missing := [name for name in columns if name not in header]:
        found = ", ".join(header) or "nothing"
        raise error(f"{path}: column {missing[0]!r} missing; found {found}; add it{_tabs(header)}")
    if twice := [name for name in columns if header.count(name) > 1]:
        raise error(f"{path}: column {twice[0]!r} stands twice; delete one")
    if len(table) == 1:
        raise error(f"{path}: no rows; expected at least one below the header")
    return [(f"{path} line {n}", _cells(header, cells)) for n, cells in _filled(path, table, error)]


def _rows(path: Path, content: bytes, error: ResourceError) -> list[tuple[int, list[str]]]:
    """Return line number and cells of the rows that are not blank."""
    try:
        text = content.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
        # Strict: a lone quotation mark must not swallow the rows below it.
        reader = csv.reader(text.split("\n"), delimiter="\t", strict=True)
        table = [(reader.line_num, cells) for cells in reader]
    except UnicodeDecodeError as problem:
        raise error(f"{path}: no table of UTF-8 text ({problem}); save it so") from None
    except csv.Error as problem:
        raise error(f"{path}: quotation marks do not pair ({problem}); remove them") from None
    spans = [(number, end) for number, (end, _) in enumerate(table, start=1) if end != number]
    if spans:
        raise error(f"{path} line {spans[0][0]}: a cell goes over several lines; write it in one")
    return [(number, cells) for number, cells in table if any(map(str.strip, cells))]


def _tabs(header: Sequence[str]) -> str:
    return "; cells are separated by tabs" if len(header) == 1 else ""


def _filled(
    path: Path, table: Sequence[tuple[int, list[str]]], error: ResourceError
) -> Sequence[tuple[int, list[str]]]:
    """Return the rows below the header; refuse what does not fit under it."""
    columns = len(table[0][1])
    for number, cells in table[1:]:
        if any(map(str.strip, cells[columns:])):
            raise error(
                f"{path} line {number}: {len(cells)} cells under {columns} columns; "
                "delete what stands beyond the last one"
            )
        if len(cells) == 1 and " " in cells[0].strip():
            raise error(
                f"{path} line {number}: holds one cell, {cells[0]!r}; "
                "cells are separated by tabs; replace the blanks"
            )
    return table[1:]


def _cells(header: Sequence[str], cells: Sequence[str]) -> dict[str, str]:
    """Return the cells by column; editors cut the empty ones at the end of a line."""
    padded = [*cells, *[""] * (len(header) - len(cells))]
    return dict(zip(header, map(str.strip, padded), strict=False))


def whole_number(row: Row, column: str, *, error: ResourceError) -> int:
    """Return a cell that holds a whole number, 0 or above."""
    where, cells = row
    text = cells[column]
    if not (text.isascii() and text.isdecimal() and len(text) <= DIGITS_MAX):
        raise error(f"{where}: {column} is {text!r}; expected a whole number")
    return int(text)
