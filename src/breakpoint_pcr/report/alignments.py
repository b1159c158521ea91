"""Sites that are not exact, drawn: the places count from the 3' end of the primer."""

from collections.abc import Mapping, Sequence
from typing import Any

from breakpoint_pcr.insilico.alignment import GAP_MARK, LINE_SEPARATOR, Drawing, Edit, grade
from breakpoint_pcr.insilico.nucleotides import MEANING
from breakpoint_pcr.report.wording import Words

EVERY = 5  # bases from one numbered place to the next
LETTERS = frozenset(MEANING) | {GAP_MARK}
DRAWN_LINES = 3
PAIRED = "|"


def alignments(primer: Mapping[str, Any], words: Words) -> list[dict[str, Any]]:
    """Return the sites of a primer of panel.json that are not exact."""
    return [drawn(primer["name"], site, words) for site in primer["sites"] if site["edits"]]


def drawn(primer: str, site: Mapping[str, Any], words: Words) -> dict[str, Any]:
    """Return a site as a ruler, the three lines of its drawing in runs, and its edits in words."""
    lines = site["alignment"].split(LINE_SEPARATOR)
    drawing = _drawing(lines)
    return {
        "primer": primer,
        "position": site["position"],
        "said": said(site, words),
        "ruler": _ruler(drawing.primer) if drawing else "",
        "lines": [_runs(line, drawing.marks if drawing else "") for line in lines],
        "edits": [_graded(edit, words) for edit in drawing.edits] if drawing else [],
    }


def said(site: Mapping[str, Any], words: Words) -> str:
    """Return how many edits a site has, in words."""
    if not site["edits"]:
        return words.say("edits_exact")
    counts = {"edits_mismatches": site["mismatches"], "edits_gaps": site["gaps"]}
    return words.joined(words.say(key, count=n) for key, n in counts.items() if n)


def _drawing(lines: Sequence[str]) -> Drawing | None:
    """Return the drawing, where the text is one."""
    if len(lines) != DRAWN_LINES or len({len(line) for line in lines}) > 1:
        return None
    primer, _, site = lines
    return Drawing(primer, site) if set(primer + site) <= LETTERS else None


def _ruler(primer: str) -> str:
    """Number the bases above a drawing: the last digit stands above its base."""
    ruler, place = [" "] * len(primer), 0
    for column in reversed(range(len(primer))):
        place += primer[column] != GAP_MARK
        number = str(place)
        start = column - len(number) + 1
        fits = start >= 0 and primer[column] != GAP_MARK
        if fits and (place == 1 or place % EVERY == 0):
            ruler[start : column + 1] = number
    return "".join(ruler)


def _runs(line: str, marks: str) -> list[dict[str, Any]]:
    """Cut a line where paired bases and edits meet."""
    runs: list[dict[str, Any]] = []
    for index, letter in enumerate(line):
        edited = bool(marks) and marks[index] != PAIRED
        if runs and runs[-1]["edit"] == edited:
            runs[-1]["text"] += letter
        else:
            runs.append({"text": letter, "edit": edited})
    return runs


def _graded(edit: Edit, words: Words) -> str:
    if edit.primer_base == GAP_MARK:
        text = words.say("edit_more", base=edit.site_base, low=edit.place - 1, high=edit.place)
    elif edit.site_base == GAP_MARK:
        text = words.say("edit_less", base=edit.primer_base, place=edit.place)
    else:
        bases = {"primer": edit.primer_base, "site": edit.site_base}
        text = words.say("edit_other", **bases, place=edit.place)
    return words.say("edit_graded", edit=text, grade=words.word("grades", grade(edit)))
