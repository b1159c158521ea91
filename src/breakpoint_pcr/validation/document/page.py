"""docs/validation.md: the sections of the simulated study as GitHub Markdown, without figures."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from breakpoint_pcr.validation.document.blocks import Block

# What Markdown could take for markup; an underscore within a word is none.
SPECIAL = re.compile(r"([\\`*\[\]<>|~$#]|&(?=#?\w+;)|(?<!\w)_|_(?!\w))")
BLANKS = re.compile(r"\s+")
RULES = {"left": "---", "right": "---:"}
HEADING, SUBHEADING = "##", "###"


def page(document: Mapping[str, Any]) -> str:
    """Return the page of a validation (`compose`)."""
    meta = document["meta"]
    lines = [
        f"# {escaped(meta['document_title'])}",
        "",
        meta["generated"],
        "",
        *(f"- {escaped(name)}: {escaped(value)}" for name, value in document["facts"]),
        "",
    ]
    for section in document["sections"]:
        lines += [f"{HEADING} {escaped(section['title'])}", ""]
        for block in section["blocks"]:
            lines += LAYOUT[block["kind"]](block)
    return "\n".join(lines).rstrip("\n") + "\n"


def escaped(text: str) -> str:
    """Return a text as one line that Markdown prints as it stands."""
    return SPECIAL.sub(r"\\\1", BLANKS.sub(" ", text).strip())


def _text(block: Block) -> list[str]:
    return [escaped(block["text"]), ""]


def _verdict(block: Block) -> list[str]:
    return [f"**{escaped(block['label'])}.** {escaped(block['text'])}", ""]


def _list(block: Block) -> list[str]:
    return [*(f"- {escaped(item)}" for item in block["items"]), ""]


def _table(block: Block) -> list[str]:
    title = [f"{SUBHEADING} {escaped(block['title'])}", ""] if block["title"] else []
    note = [escaped(block["note"]), ""] if block["note"] else []
    columns = block["columns"]
    lines = [
        _row([column["head"] for column in columns]),
        f"|{'|'.join(RULES[column['align']] for column in columns)}|",
        *map(_row, block["rows"]),
    ]
    return [*title, *lines, "", *note]


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(map(escaped, cells))} |"


def _figure(block: Block) -> list[str]:  # noqa: ARG001
    """Leave a figure out: its numbers stand in the tables beside it."""
    return []


LAYOUT: Mapping[str, Callable[[Block], list[str]]] = {
    "text": _text,
    "verdict": _verdict,
    "list": _list,
    "table": _table,
    "figure": _figure,
}
