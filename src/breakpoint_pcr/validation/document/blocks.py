"""The blocks of which a section is made: plain data that a page and a PDF can lay out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from breakpoint_pcr.report.wording import Words

Block = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its head, where its cells stand, and its share of the width; 0: its content's."""

    head: str
    align: str = "left"
    share: int = 0


def columns(words: Words, *codes: str) -> list[Column]:
    """Return a column for each code: `plain`, `>right`, `*wide` or `**wider`."""
    return [_column(words, code) for code in codes]


def _column(words: Words, code: str) -> Column:
    name = code.lstrip(">*")
    align = "right" if code.startswith(">") else "left"
    return Column(words.word("heads", name), align, code.count("*"))


def text(said: str) -> Block:
    """Return a paragraph."""
    return {"kind": "text", "text": said}


def bullets(items: Iterable[str]) -> Block:
    """Return a list."""
    return {"kind": "list", "items": list(items)}


def facts(rows: Iterable[Sequence[str]]) -> Block:
    """Return names with values."""
    return {"kind": "facts", "rows": [list(row) for row in rows]}


def verdict(level: str, label: str, said: str) -> Block:
    """Return a banner; `level` is pass or fail."""
    return {"kind": "verdict", "level": level, "label": label, "text": said}


def table(
    title: str, heads: Sequence[Column], rows: Iterable[Sequence[str]], *, note: str = ""
) -> Block:
    """Return a table of texts.

    Raises:
        ValueError: A row has more or fewer cells than there are heads.
    """
    cells = [list(row) for row in rows]
    if odd := [row for row in cells if len(row) != len(heads)]:
        raise ValueError(f"{len(odd[0])} cells under {len(heads)} heads: {odd[0]}")
    return {
        "kind": "table",
        "title": title,
        "columns": [{"head": c.head, "align": c.align, "share": c.share} for c in heads],
        "rows": cells,
        "note": note,
    }


def figure(panels: Sequence[Mapping[str, Any]], *, note: str) -> Block:
    """Return a figure of panels."""
    return {"kind": "figure", "panels": [dict(panel) for panel in panels], "note": note}


def section(code: str, words: Words, blocks: Iterable[Block]) -> dict[str, Any]:
    """Return a section."""
    return {"code": code, "title": words.word("headings", code), "blocks": list(blocks)}
