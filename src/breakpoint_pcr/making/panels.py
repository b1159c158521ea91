"""A panel folder made from a table of primers and a table of assays."""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from breakpoint_pcr.errors import ConfigError, PanelError
from breakpoint_pcr.making.folders import write_folder
from breakpoint_pcr.panel import PANEL_FILES, Assay, Panel, Primer, load_panel, read_tables


@dataclass(frozen=True, slots=True)
class PanelOrder:
    """What a panel is made of; `like` is another panel folder, for what is not said.

    `limitations` are sentences that a report must say beside what is true of every breakpoint PCR;
    none given: those of `like`.
    """

    primers: Path
    assays: Path
    version: str
    title: str | None
    citation: str | None
    limitations: tuple[str, ...]
    like: Path | None


def make_panel(order: PanelOrder, out: Path) -> tuple[str, ...]:
    """Write a panel folder under the name of the folder, and return what it holds.

    The tables are copied as they are, once they have been read without a contradiction.

    Raises:
        ConfigError: Something is not said, or the folder exists.
        PanelError: A table is missing or contradicts itself.
    """
    model = load_panel(order.like) if order.like else None
    paths = (order.primers, order.assays)
    tables = tuple(_content(path) for path in paths)
    primers, assays = read_tables(paths, tables)
    files: dict[str, bytes] = dict(zip(PANEL_FILES, tables, strict=True))
    info = {
        "name": out.resolve().name,
        "version": order.version,
        "title": _said(order.title, "title", model),
        "citation": _said(order.citation, "citation", model),
        "files": {name: sha256(table).hexdigest() for name, table in files.items()},
        **_remarks(order, model, primers),
    }
    write_folder(out, info, files, check=load_panel)
    return tuple(_lines(primers, assays))


def _content(path: Path) -> bytes:
    if not path.is_file():
        raise PanelError(f"{path}: file missing; name a table of primers and one of assays")
    return path.read_bytes()


def _said(given: str | None, name: str, model: Panel | None) -> str:
    text = given or (str(getattr(model, name)) if model else "")
    if not text.strip():
        raise ConfigError(f"--{name} is missing; give it, or --like a panel that says it")
    return text


def _remarks(order: PanelOrder, model: Panel | None, primers: tuple[Primer, ...]) -> dict[str, Any]:
    """Return limitations, and what is known of the primers that are the same as in the model."""
    limits = order.limitations or (model.limitations if model else ())
    same = {p.name for p in primers if model and p in model.primers}
    known = [d for d in (model.known_deviations if model else ()) if d[0] in same]
    remarks: dict[str, Any] = {}
    if known:
        remarks["known_deviations"] = [{"primer": name, "text": text} for name, text in known]
    if limits:
        remarks["limitations"] = list(limits)
    return remarks


def _lines(primers: tuple[Primer, ...], assays: tuple[Assay, ...]) -> Iterator[str]:
    yield f"{len(primers)} oligos: {', '.join(primer.name for primer in primers)}"
    for assay in assays:
        shown = ", ".join(deletion.label for deletion in assay.deletions) or f"{assay.kind}"
        yield f"{assay.name}: {shown}"
