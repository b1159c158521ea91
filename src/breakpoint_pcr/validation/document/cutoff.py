"""What happens around the Ct limit: hit rates, Cts and detection limits of single reactions."""

from collections.abc import Callable
from typing import Any

from breakpoint_pcr.validation.dilutions import ALL
from breakpoint_pcr.validation.document.blocks import Block, Column, columns, section, table, text
from breakpoint_pcr.validation.document.curves import detection_table, hit_rate_figure
from breakpoint_pcr.validation.document.numbers import copies, percent
from breakpoint_pcr.validation.document.source import View
from breakpoint_pcr.validation.rows import CutoffLevel

CT_DIGITS = 2


def cutoff_section(view: View) -> dict[str, Any]:
    """Return hit rates and Cts by copies, with the probit curve of each assay."""
    words = view.words
    levels = [level for level in view.study.levels if level.instrument == ALL]
    if not levels:
        return section("cutoff", words, [text(view.say("no_cutoff"))])
    limit = words.plain(view.source.settings["calling"]["ct_limit"])
    shown = _from_first_positive(levels)
    drawn = hit_rate_figure(levels, view.study.curves, view)
    blocks = [
        text(view.say("cutoff", limit=limit)),
        detection_table("", view.study.curves, view),
        *([drawn] if drawn else []),
        _hit_rates(shown, view, trimmed=len(shown) < len(levels)),
        _pivot("cts", shown, lambda level: _ct(level, view), view, view.say("cts_note")),
    ]
    return section("cutoff", words, blocks)


def _from_first_positive(levels: list[CutoffLevel]) -> list[CutoffLevel]:
    """Leave out the lowest numbers of copies at which no reaction is positive, but for one."""
    empty = {level.copies for level in levels} - {x.copies for x in levels if x.positive}
    lowest = min((level.copies for level in levels if level.positive), default=None)
    below = [n for n in empty if lowest is None or n < lowest]
    return [level for level in levels if not below or level.copies >= max(below)]


def _hit_rates(levels: list[CutoffLevel], view: View, *, trimmed: bool) -> Block:
    words = view.words
    wells = {level.wells for level in levels}
    ends = {"low": words.count(min(wells)), "high": words.count(max(wells))}
    note = view.say("hit_rates_note" if len(wells) > 1 else "hit_rates_note_one", **ends)
    if trimmed:
        note = f"{note} {view.say('fewer_none')}"
    return _pivot("hit_rates", levels, lambda level: percent(level.rate, words, 1), view, note)


def _pivot(
    title: str,
    levels: list[CutoffLevel],
    cell: Callable[[CutoffLevel], str],
    view: View,
    note: str,
) -> Block:
    """Return a table with a row for each number of copies and a column for each assay."""
    words = view.words
    assays = list(dict.fromkeys(level.assay for level in levels))
    cells = {(level.copies, level.assay): cell(level) for level in levels}
    heads = [*columns(words, ">copies"), *(Column(name, "right") for name in assays)]
    rows = [
        [copies(n, words), *(cells.get((n, assay), words.missing) for assay in assays)]
        for n in sorted({level.copies for level in levels})
    ]
    return table(words.word("headings", title), heads, rows, note=note)


def _ct(level: CutoffLevel, view: View) -> str:
    words = view.words
    if level.ct_mean is None:
        return words.missing
    mean = words.number(level.ct_mean, CT_DIGITS)
    if level.ct_sd is None:
        return mean
    return view.say("plus_minus", mean=mean, sd=words.number(level.ct_sd, CT_DIGITS))
