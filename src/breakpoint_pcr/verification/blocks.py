"""The blocks of which a section is made: plain data that the template lays out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

from breakpoint_pcr.report.wording import Words

Block = dict[str, Any]
# Lines of a cell, each with its look: "", strong, muted, mono, or a level with its icon.
Cell = list[dict[str, str]]
MATRIX_COLUMNS = 14


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its head, its share of the width, and where its cells stand."""

    head: str
    share: float
    align: str


def columns(words: Words, *codes: str) -> list[Column]:
    """Return a column for each code: `name:share`, `>name:share` where cells stand right."""
    return [_column(words, code) for code in codes]


def _column(words: Words, code: str) -> Column:
    name, _, width = code.lstrip(">").partition(":")
    align = "right" if code.startswith(">") else "left"
    return Column(words.word("heads", name), float(width), align)


def cell(*lines: str | tuple[str, str]) -> Cell:
    """Return a cell of lines; a pair is a line with its look, an empty line is left out."""
    pairs = [(line, "") if isinstance(line, str) else line for line in lines]
    return [{"text": said, "look": look} for said, look in pairs if said]


def text(said: str) -> Block:
    """Return a paragraph."""
    return {"kind": "text", "text": said}


def remark(said: str) -> Block:
    """Return a paragraph in small type."""
    return {"kind": "note", "text": said}


def bullets(items: Iterable[str]) -> Block:
    """Return a list."""
    return {"kind": "list", "items": list(items)}


def verdict(level: str, label: str, said: str) -> Block:
    """Return a banner."""
    return {"kind": "verdict", "level": level, "label": label, "text": said}


def table(
    title: str, heads: Sequence[Column], rows: Iterable[Sequence[Cell | str]], *, note: str = ""
) -> Block:
    """Return a table.

    Raises:
        ValueError: A row has more or fewer cells than there are heads.
    """
    cells = [[cell(c) if isinstance(c, str) else c for c in row] for row in rows]
    if odd := [row for row in cells if len(row) != len(heads)]:
        raise ValueError(f"{len(odd[0])} cells under {len(heads)} heads: {odd[0]}")
    return {
        "kind": "table",
        "title": title,
        "columns": [{"head": c.head, "share": c.share, "align": c.align} for c in heads],
        "rows": cells,
        "note": note,
    }


def figure(kind: str, content: Mapping[str, Any]) -> Block:
    """Return a figure; `content` holds its alt text."""
    return {"kind": kind, **content}


def matrices(
    corner: str,
    heads: Sequence[str],
    rows: Sequence[tuple[str, Sequence[Mapping[str, Any]]]],
    *,
    most: int = MATRIX_COLUMNS,
) -> list[Block]:
    """Return a matrix in even blocks of at most so many columns.

    Args:
        corner: What the rows are.
        heads: Name of each column.
        rows: Name of each row, and its cells.
        most: Columns that a block has room for.
    """
    each = ceil(len(heads) / ceil(len(heads) / most)) if heads else 1
    return [
        {
            "kind": "matrix",
            "corner": corner,
            "title": "",
            "note": "",
            "heads": list(heads[start : start + each]),
            "rows": [
                {"name": name, "cells": [dict(c) for c in cells[start : start + each]]}
                for name, cells in rows
            ],
        }
        for start in range(0, len(heads), each)
    ]


def noted(found: Sequence[Block], said: str, *, title: str = "") -> list[Block]:
    """Return the blocks of a matrix, the first with a title, the last with a note."""
    titled = [*({**block, "title": title} for block in found[:1]), *found[1:]]
    return [*titled[:-1], *({**block, "note": said} for block in titled[-1:])]


def mark(look: str, *lines: str | tuple[str, str]) -> dict[str, Any]:
    """Return a cell of a matrix."""
    return {"look": look, "lines": cell(*lines)}


def beside(left: Iterable[Block], right: Iterable[Block], *, share: float) -> Block:
    """Return blocks in two columns; the left one takes `share` of the width."""
    return {"kind": "beside", "left": list(left), "right": list(right), "share": share}


def section(code: str, words: Words, blocks: Iterable[Block]) -> list[Block]:
    """Return a section in a list, or nothing when it has no blocks."""
    found = list(blocks)
    return [{"code": code, "title": words.word("headings", code), "blocks": found}] if found else []
