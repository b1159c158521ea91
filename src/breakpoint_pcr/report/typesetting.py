"""From report.json to the PDF: Typst lays it out, and report.json is attached."""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from breakpoint_pcr.errors import BreakpointPcrError
from breakpoint_pcr.report.characters import printed
from breakpoint_pcr.report.document import document_text
from breakpoint_pcr.report.plots import LINEAR, LOGARITHMIC, drawing

TEMPLATE = Path(__file__).parent / "template" / "report.typ"


def typeset(document: Mapping[str, Any], *, fonts: Path) -> bytes:
    """Return the PDF (PDF/A-3a, PDF/UA-1 as far as Typst checks them) of a report.

    Args:
        document: report.json.
        fonts: Folder of the fonts that the template names.

    Raises:
        BreakpointPcrError: Typst refuses or doubts the document, as when a font is missing.
    """
    drawn = json.dumps(_drawn(document), ensure_ascii=False)
    return compiled(
        TEMPLATE,
        {
            "document": printed(drawn, document["meta"]["replaced"]),
            "attachment": document_text(document),
        },
        root=TEMPLATE.parent,
        timestamp=document["meta"]["timestamp"],
        fonts=fonts,
    )


def compiled(
    template: Path, inputs: Mapping[str, str], *, root: Path, timestamp: int, fonts: Path
) -> bytes:
    """Return the PDF of a template of this package.

    Args:
        template: The template.
        inputs: What the template reads as `sys.inputs`.
        root: Folder that holds the template and all that it imports.
        timestamp: Date of the document, in seconds since 1970 (UTC).
        fonts: Folder of the fonts that the template names.

    Raises:
        BreakpointPcrError: Typst refuses or doubts the document, as when a font is missing.
    """
    import typst  # noqa: PLC0415

    try:
        result, warnings = typst.compile_with_warnings(
            template,
            root=root,
            font_paths=_fonts(fonts),
            sys_inputs=dict(inputs),
            timestamp=timestamp,
            format="pdf",
            pdf_standards=["a-3a", "ua-1"],
        )
    except typst.TypstError as problem:
        raise BreakpointPcrError(
            f"report: {problem.message}; this document cannot be set"
        ) from None
    if warnings:
        raise BreakpointPcrError(f"report: {warnings[0].message}; check the fonts in {fonts.name}")
    return result


@cache
def _fonts(folder: Path) -> Any:  # noqa: ANN401
    """Return the fonts of a folder; what Typst worked out with them serves the next document."""
    import typst  # noqa: PLC0415

    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder]
    )


def _drawn(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return the document with the lines of its figures as SVG in place of their values."""
    figures = {id(figure): _with_lines(figure) for figure in _figures(document)}

    def exchanged(item: Mapping[str, Any]) -> dict[str, Any]:
        return {**item, "figure": figures.get(id(item["figure"]))}

    drawn = dict(document)
    if "samples" in document:
        drawn["samples"] = [exchanged(page) for page in document["samples"]]
    if controls := document.get("controls"):
        plots = [exchanged(plot) for plot in controls["plots"]]
        drawn["controls"] = {**controls, "plots": plots}
    return drawn


def _figures(document: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    plots = document.get("controls", {}).get("plots", [])
    for item in [*document.get("samples", []), *plots]:
        if item["figure"]:
            yield item["figure"]


def _with_lines(figure: Mapping[str, Any]) -> dict[str, Any]:
    panels = {
        scale: {**figure[scale], "svg": drawing(figure, scale)} for scale in (LINEAR, LOGARITHMIC)
    }
    return {**figure, **panels, "lines": []}
