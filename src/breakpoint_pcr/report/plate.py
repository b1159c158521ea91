"""The plate map: every well at its place, with each of its reactions."""

import re
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from breakpoint_pcr.report.source import View
from breakpoint_pcr.report.styles import INK
from breakpoint_pcr.report.wording import Words
from breakpoint_pcr.tables import Outcome, Reaction, Role, State, Well

WELL = re.compile(r"([A-Z]{1,2})([0-9]{1,2})")
FORMATS = {24: (4, 6), 32: (4, 8), 48: (6, 8), 96: (8, 12), 384: (16, 24), 1536: (32, 48)}
PARTS_SHOWN = 4
NAME_LETTERS, NAME_LETTERS_SMALL, COLUMNS_SMALL = 11, 6, 12
LIGHT, CONTROL_GENE_FILL = "#e4e9ed", "#c9d1d8"


def plate_map(view: View) -> dict[str, Any]:
    """Return the plate: its size and its cells, row and column from 0."""
    cells: dict[tuple[int, int], list[dict[str, Any]]] = defaultdict(list)
    judged = {(well.well, well.assay): well for well in view.source.wells}
    names: dict[tuple[int, int], Reaction] = {}
    for reaction in view.source.reactions:
        if place := place_of(reaction.well):
            names.setdefault(place, reaction)
            cells[place].append(_part(reaction, judged.get((reaction.well, reaction.assay)), view))
    rows, columns = _size(view.source.record.plate_wells, list(cells))
    letters = NAME_LETTERS if columns <= COLUMNS_SMALL else NAME_LETTERS_SMALL
    return {
        "rows": [row_name(row) for row in range(rows)],
        "columns": [str(column + 1) for column in range(columns)],
        "cells": [_cell(place, names[place], cells[place], letters) for place in sorted(cells)],
        "legend": _legend(view),
        "alt": _alt(view),
    }


def place_of(well: str) -> tuple[int, int] | None:
    """Return (row, column) of an A1 style name, from 0; None for another kind of name."""
    found = WELL.fullmatch(well)
    if not found:
        return None
    row = 0
    for letter in found[1]:
        row = row * 26 + ord(letter) - ord("A") + 1
    return row - 1, int(found[2]) - 1


def row_name(row: int) -> str:
    """Return the letters of a row counted from 0."""
    first, last = divmod(row, 26)
    return (chr(ord("A") + first - 1) if first else "") + chr(ord("A") + last)


def shortened(name: str, letters: int) -> str:
    """Return a name of so many letters, its middle left out: its end tells samples apart."""
    if len(name) <= letters:
        return name
    head = (letters - 1) // 2
    return f"{name[:head]}…{name[len(name) - (letters - 1 - head) :]}"


def ranges(wells: Sequence[str], words: Words) -> str:
    """Return wells as a list in words, neighbours of a row as `A1–A12`."""
    found: list[list[str]] = []
    for well in dict.fromkeys(wells):
        if found and _follows(found[-1][-1], well):
            found[-1].append(well)
        else:
            found.append([well])
    least = 3
    return words.joined(
        text for run in found for text in ([f"{run[0]}–{run[-1]}"] if len(run) >= least else run)
    )


def _follows(first: str, second: str) -> bool:
    one, two = place_of(first), place_of(second)
    return one is not None and two is not None and two == (one[0], one[1] + 1)


def _size(wells: int, places: Sequence[tuple[int, int]]) -> tuple[int, int]:
    rows, columns = FORMATS.get(wells, (1, 1))
    return (
        max([rows, *(row + 1 for row, _ in places)]),
        max([columns, *(column + 1 for _, column in places)]),
    )


def _cell(
    place: tuple[int, int], reaction: Reaction, parts: Sequence[dict[str, Any]], letters: int
) -> dict[str, Any]:
    return {
        "row": place[0],
        "column": place[1],
        "name": shortened(reaction.sample, letters),
        "control": reaction.role is not Role.UNKNOWN,
        "parts": list(parts[:PARTS_SHOWN]),
        "more": max(0, len(parts) - PARTS_SHOWN),
    }


def _part(reaction: Reaction, well: Well | None, view: View) -> dict[str, Any]:
    if well is None:
        return {"text": "", "fill": LIGHT, "ink": "", "mark": "off", "strong": False}
    positive, shows = well.outcome is Outcome.POSITIVE, view.is_breakpoint(well.assay)
    style = view.styles[well.assay]
    mark = well.outcome.value if well.outcome in {Outcome.REVIEW, Outcome.INVALID} else ""
    return {
        "text": view.words.ct(well.ct, view.ct_limit, 1)
        if well.ct is not None
        else _mark(reaction.state),
        "fill": (style.colour if shows else CONTROL_GENE_FILL) if positive else "",
        "ink": (style.ink if shows else INK) if positive else "",
        "mark": mark,
        "strong": positive and shows,
    }


def _mark(state: State) -> str:
    return "–" if state in {State.OK, State.UNDETERMINED} else "×"


def _legend(view: View) -> dict[str, Any]:
    return {
        "assays": [
            {"name": a["name"], "colour": view.styles[a["name"]].colour} for a in view.assays
        ],
        "note": view.words.say("plate_legend"),
        "marks": [
            {"mark": code, "label": view.words.word("outcomes", code)}
            for code in (Outcome.REVIEW, Outcome.INVALID)
        ],
    }


def _alt(view: View) -> str:
    def listed(outcome: Outcome) -> str:
        found = [f"{w.well} {w.assay}" for w in view.source.wells if w.outcome is outcome]
        return view.words.joined(found) or view.words.say("nothing")

    return view.words.say(
        "plate_alt",
        wells=view.source.record.plate_wells,
        positive=listed(Outcome.POSITIVE),
        review=listed(Outcome.REVIEW),
        invalid=listed(Outcome.INVALID),
    )
