"""Folders of facts on disk: info.yaml and the files that it names."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from shutil import rmtree
from typing import Any

import yaml

from breakpoint_pcr.errors import ConfigError
from breakpoint_pcr.resources import INFO

# Folder and record names become file names, on any system.
FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
LINE_NT = 120


def table_text(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """Return a tab-separated table; None is empty."""
    lines = [columns, *rows]
    cells = (["" if cell is None else str(cell) for cell in line] for line in lines)
    return "".join("\t".join(line) + "\n" for line in cells).encode()


def write_folder(
    out: Path,
    info: Mapping[str, Any],
    files: Mapping[str, bytes],
    *,
    check: Callable[[Path], object],
) -> None:
    """Write a new folder; one that cannot be read back is removed again.

    Args:
        out: The folder, which must not exist.
        info: Content of info.yaml.
        files: Content by name.
        check: Reads the folder, and raises what is wrong with it.

    Raises:
        ConfigError: The folder exists, its name cannot serve, or its parent is missing.
    """
    check_new(out)
    if odd := [name for name in files if not FILE_NAME.fullmatch(name)]:
        raise ConfigError(f"{odd[0]!r} cannot be the name of a file; choose letters and digits")
    out.mkdir()
    try:
        for name, content in files.items():
            (out / name).write_bytes(content)
        text = yaml.safe_dump(
            dict(info), sort_keys=False, allow_unicode=True, width=LINE_NT, default_flow_style=False
        )
        (out / INFO).write_text(text, encoding="utf-8", newline="\n")
        check(out)
    except BaseException:
        rmtree(out)
        raise


def check_new(out: Path) -> None:
    """Refuse a folder that exists, or cannot be made.

    Raises:
        ConfigError: It is so.
    """
    if out.exists():
        raise ConfigError(f"{out}: exists; a folder of facts is never replaced; name a new one")
    if not out.parent.is_dir():
        raise ConfigError(f"{out.parent}: folder missing; make it, or name another")
