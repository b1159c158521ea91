"""validation.pdf: Typst lays the composed document out, and validation.json is attached."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from breakpoint_pcr.report.characters import printed
from breakpoint_pcr.report.typesetting import compiled
from breakpoint_pcr.validation.document.composing import document_text

# The template takes its look from the run report's parts, so both lie below the root.
PACKAGE = Path(__file__).parents[2]
TEMPLATE = Path(__file__).parent / "template" / "validation.typ"


def typeset_validation(document: Mapping[str, Any], *, fonts: Path) -> bytes:
    """Return the PDF (PDF/A-3a, PDF/UA-1 as far as Typst checks them) of a validation.

    Args:
        document: What `compose` returned.
        fonts: Folder of the fonts that the template names.

    Raises:
        BreakpointPcrError: Typst refuses or doubts the document, as when a font is missing.
    """
    text = document_text(document)
    # The line end after the document is none of its characters, so it is not one to replace.
    shown = printed(text.rstrip("\n"), document["meta"]["replaced"])
    return compiled(
        TEMPLATE,
        {"document": shown, "attachment": text},
        root=PACKAGE,
        timestamp=document["meta"]["timestamp"],
        fonts=fonts,
    )
