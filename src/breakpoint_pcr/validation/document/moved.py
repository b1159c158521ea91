"""What becomes of the calls when a limit of the config moves."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from breakpoint_pcr.validation.document.blocks import Block, columns, section, table, text
from breakpoint_pcr.validation.document.source import View
from breakpoint_pcr.validation.limits import OFF
from breakpoint_pcr.validation.rows import LimitEffect

Effects = dict[str, list[LimitEffect]]


def moved_section(view: View) -> dict[str, Any]:
    """Return the limits that change a call, the gravest first, and the others in a line each."""
    words, rows = view.words, view.study.limits
    if not rows:
        return section("moved", words, [text(view.say("no_limits"))])
    effects: Effects = defaultdict(list)
    for row in rows:
        effects[row.limit].append(row)
    return section(
        "moved", words, [_intro(rows, view), _table(effects, view), *_rest(effects, view)]
    )


def _intro(rows: Sequence[LimitEffect], view: View) -> Block:
    """Say what was done, and how many calls are wrong with the limits as they are."""
    words = view.words
    said = view.say(
        "moved",
        percent=words.plain(100 * view.simulation.config["limit_shift"]),
        samples=words.count(max(row.samples for row in rows)),
    )
    before = max(row.wrong_before for row in rows)
    return text(f"{said} {view.say('moved_before', wrong=words.count(before))}")


def _changed(rows: Sequence[LimitEffect]) -> int:
    return max(row.changed for row in rows)


def _wrong(rows: Sequence[LimitEffect]) -> int:
    return max(row.wrong for row in rows)


def _table(effects: Effects, view: View) -> Block:
    words = view.words
    working = [(limit, rows) for limit, rows in effects.items() if _changed(rows)]
    if not working:
        return text(view.say("none_changed"))
    working.sort(key=lambda item: (-_wrong(item[1]), -_changed(item[1]), item[0]))
    rows = [
        [
            limit,
            row.value,
            row.moved,
            *map(words.count, (row.changed, row.wrong, row.open_before, row.open)),
        ]
        for limit, found in working
        for row in found
        if row.moved
    ]
    heads = columns(
        words,
        *("*limit", ">value", ">moved", ">changed", ">wrong", ">open_before", ">open_after"),
    )
    return table("", heads, rows)


def _rest(effects: Effects, view: View) -> Iterator[Block]:
    """Yield a line for the limits that change nothing, those that cannot move, and those off."""
    groups: dict[str, list[str]] = {"no_effect": [], "cannot_move": [], "are_off": []}
    for limit, rows in sorted(effects.items()):
        if all(row.value == OFF for row in rows):
            groups["are_off"].append(limit)
        elif not any(row.moved for row in rows):
            groups["cannot_move"].append(limit)
        elif not _changed(rows):
            groups["no_effect"].append(limit)
    for key, limits in groups.items():
        if limits:
            yield text(view.say(key, limits=view.words.joined(limits)))
