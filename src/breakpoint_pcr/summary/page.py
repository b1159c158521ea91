"""index.html: one page over all runs that needs no network and no other file.

Text from data enters the page in two ways only: escaped by `html.escape`, or inside one JSON island
from which the script makes text nodes. A content security policy allows the page's own scripts and
style by their hash, images from the page itself, and nothing else.

Curves are drawn by uPlot (template/vendor/uplot), which stands in the page as it was published.
"""

import re
from base64 import b64encode
from collections.abc import Iterable
from hashlib import sha256
from html import escape
from pathlib import Path

from breakpoint_pcr.explanation import NEGATIVE
from breakpoint_pcr.summary.content import PageContent
from breakpoint_pcr.summary.history import FinishedRun
from breakpoint_pcr.summary.island import CALM, compose_island, has_levels, review_ranks
from breakpoint_pcr.summary.plates import plate_islands
from breakpoint_pcr.summary.rows import RunRow
from breakpoint_pcr.summary.wording import PageWords

TEMPLATE = Path(__file__).parent / "template"
STYLES = ("vendor/uplot/uPlot.min.css", "page.css", "viewer.css")
PLOTS = ("vendor/uplot/uPlot.iife.min.js",)
SCRIPTS = ("page.js", "plate.js", "curves.js", "viewer.js")
MARKER = re.compile(r"\{\{(\w+)\}\}")


def compose_page(content: PageContent, words: PageWords, picture: bytes) -> str:
    """Return index.html.

    Args:
        content: What to show.
        words: In which words.
        picture: The figure as PNG.
    """
    style, plots, script = (_joined(parts) for parts in (STYLES, PLOTS, SCRIPTS))
    fragments = {
        **{name: escape(text) for name, text in words.labels.items()},
        **_sentences(content, words),
        "policy": escape(_policy(style, (plots, script))),
        "style": style,
        "plots": plots,
        "script": script,
        "data": compose_island(content, words),
        "plates": plate_islands(content.history, content.ct_limit, words),
        "options": "".join(_option(call, words) for call in content.calls),
        "assay_heads": "".join(f'<th scope="col">{_isolated(a)}</th>' for a in content.assays),
        "level_head": _level_head(content, words),
        "run_rows": "\n".join(_run_rows(content, words)),
        "picture": f"data:image/png;base64,{b64encode(picture).decode()}",
    }
    return MARKER.sub(lambda marker: fragments[marker[1]], _part("page.html"))


def _part(name: str) -> str:
    return (TEMPLATE / name).read_text(encoding="utf-8")


def _joined(parts: Iterable[str]) -> str:
    return "\n".join(_part(part) for part in parts)


def _policy(style: str, scripts: Iterable[str]) -> str:
    """Return the content security policy: nothing from outside, own scripts and style by hash."""
    allowed = " ".join(_digest(script) for script in scripts)
    return (
        f"default-src 'none'; img-src data:; style-src {_digest(style)}; "
        f"script-src {allowed}; base-uri 'none'; form-action 'none'"
    )


def _digest(part: str) -> str:
    return f"'sha256-{b64encode(sha256(part.encode()).digest()).decode()}'"


def _isolated(text: str) -> str:
    """Return text as an element that keeps its writing direction to itself."""
    return f"<bdi>{escape(text)}</bdi>"


def _option(call: str, words: PageWords) -> str:
    return f'<option value="{escape(call)}">{escape(words.call(call))}</option>'


def _level_head(content: PageContent, words: PageWords) -> str:
    head = escape(words.labels["class_level"])
    return f'<th scope="col">{head}</th>' if has_levels(content) else ""


def _sentences(content: PageContent, words: PageWords) -> dict[str, str]:
    """Return the sentences with values in them, as markup."""
    panel = content.panel
    classes = words.report.joined(deletion.label for deletion in panel.deletions)
    limit = words.report.plain(content.ct_limit)
    negative = words.call(NEGATIVE)
    said = {
        "title": words.say("title", panel=words.report.told(panel.title)),
        "rule": words.say("rule", limit=limit, panel=panel.name, version=panel.version),
        "meaning": words.say("meaning", negative=negative, classes=classes),
    }
    empty = "" if content.history else f'<p class="warning">{escape(words.labels["no_runs"])}</p>'
    note = escape(words.labels["figure_note"])
    return {
        **{name: escape(text) for name, text in said.items()},
        "counts": _counts(content, words),
        "empty": empty,
        "figure_note": note.format(link='<a href="ct.svg">ct.svg</a>'),
    }


def _counts(content: PageContent, words: PageWords) -> str:
    rejected = sum(run.rejected for run in content.history)
    review = sum(rank < CALM for rank in review_ranks(content).values())
    numbers = (
        ("count_runs", len(content.history), ""),
        ("count_rejected", rejected, "bad" if rejected else ""),
        ("count_samples", len(content.standing), ""),
        ("count_review", review, "amber" if review else ""),
    )
    return "".join(
        f'<li class="{look}">{escape(words.say(key, count=count))}</li>'
        for key, count, look in numbers
    )


def _run_rows(content: PageContent, words: PageWords) -> list[str]:
    """Return the rows of the runs, newest first."""
    both = zip(content.history, content.runs, strict=True)
    cells = [_run_cells(run, row, words) for run, row in both]
    return [
        f'<tr data-run="{place}"><th scope="row">{_name(run, place)}</th>{row}</tr>'
        for place, (run, row) in enumerate(zip(content.history, cells, strict=True))
    ][::-1]


def _name(run: FinishedRun, place: int) -> str:
    """Return the run's name, as a button where there is a plate to open."""
    name = f'<bdi class="name">{escape(run.name)}</bdi>'
    button = f'<button type="button" class="open" data-open="{place}">{name}</button>'
    return button if run.traces else name


def _run_cells(run: FinishedRun, row: RunRow, words: PageWords) -> str:
    label = words.labels
    status = "rejected" if run.rejected else "read"
    controls = f"controls_{row.controls}" if row.controls else ""
    findings = " ".join(
        _badge(f"{level}-level", str(count))
        for level, count in (("error", row.errors), ("warning", row.warnings), ("info", row.infos))
        if count
    )
    cells = (
        _badge(status, label[f"status_{status}"]),
        f'<span class="nowrap">{_links(run, words)}</span>',
        f'<span class="nowrap">{_isolated(row.run_date)}</span>',
        str(row.samples) if not run.rejected else "",
        _isolated(words.report.told(row.reason)) if run.rejected else _tally(row, words),
        _badge(str(row.controls), label[controls]) if row.controls else "",
        findings,
        _isolated(row.instrument),
        _isolated(words.report.word("formats", row.format)),
    )
    return "".join(f"<td>{cell}</td>" for cell in cells)


def _badge(look: str, text: str) -> str:
    return f'<span class="badge {look}">{escape(text)}</span>'


def _links(run: FinishedRun, words: PageWords) -> str:
    return " ".join(
        f'<a href="{escape(run.address)}/{file}" '
        f'aria-label="{escape(words.say("report_of", kind=kind, run=run.name))}">{kind}</a>'
        for kind, file in (("PDF", "report.pdf"), ("JSON", "report.json"))
    )


def _tally(row: RunRow, words: PageWords) -> str:
    counts = ((count, words.call(call)) for call, count in row.calls.items())
    return escape(words.report.joined(f"{n} {call}" for n, call in counts if n != "0"))
