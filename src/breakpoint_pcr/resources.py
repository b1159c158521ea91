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


def read_checked(path: Path, expected: str, *, advice: str, error: ResourceError) -> bytes:
    """Return the content of a file that has the sha256 `expected`."""
    if not path.is_file():
        raise error(f"{path}: file missing; {INFO} names it")
    content = path.read_bytes()
    found = sha256(content).hexdigest()
    if found != expected:
        raise error(f"{path}: sha256 is {found}, {INFO} says {expected or 'nothing'}; {advice}")
    return content


def rows_of(
    path: Path, content: bytes, columns: Sequence[str], *, error: ResourceError
) -> list[Row]:
    """Return where each row of a tab-separated table stands, and its cells by column.

    A byte order mark and Windows line ends, which spreadsheets write, are no part of a cell.
    """
    try:
        lines = content.decode("utf-8-sig").splitlines()
        reader = csv.reader(lines, delimiter="\t")
        table = [(reader.line_num, cells) for cells in reader if any(map(str.strip, cells))]
    except (UnicodeDecodeError, csv.Error) as problem:
        raise error(f"{path}: no table of UTF-8 text ({problem}); save it so") from None
    header = [name.strip() for name in table[0][1]] if table else []
    if missing := [name for name in columns if name not in header]:
        found = ", ".join(header) or "nothing"
        raise error(f"{path}: column {missing[0]!r} missing; found {found}; add it")
    if twice := [name for name in columns if header.count(name) > 1]:
        raise error(f"{path}: column {twice[0]!r} stands twice; delete one")
    if len(table) == 1:
        raise error(f"{path}: no rows; expected at least one below the header")
    return [(f"{path} line {n}", _cells(header, cells)) for n, cells in table[1:]]


def _cells(header: Sequence[str], cells: Sequence[str]) -> dict[str, str]:
    """Return the cells by column; editors cut the empty ones at the end of a line."""
    padded = [*cells, *[""] * (len(header) - len(cells))]
    return dict(zip(header, map(str.strip, padded), strict=False))


def whole_number(row: Row, column: str, *, error: ResourceError) -> int:
    """Return a cell that holds a whole number, 0 or above."""
    where, cells = row
    text = cells[column]
    if not (text.isascii() and text.isdecimal()):
        raise error(f"{where}: {column} is {text!r}; expected a whole number")
    return int(text)
