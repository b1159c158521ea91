"""verification.pdf: Typst lays the composed document out, and panel.json is attached."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from breakpoint_pcr.report.characters import printed
from breakpoint_pcr.report.typesetting import compiled
from breakpoint_pcr.verification.composing import document_text, shown

# The template takes its look and its maps from the run report, so both lie below the root.
PACKAGE = Path(__file__).parents[1]
TEMPLATE = Path(__file__).parent / "template" / "verification.typ"


def typeset(document: Mapping[str, Any], *, fonts: Path) -> bytes:
    """Return the PDF (PDF/A-3a, PDF/UA-1 as far as Typst checks them) of a verification.

    Args:
        document: What `compose` returned.
        fonts: Folder of the fonts that the template names.

    Raises:
        BreakpointPcrError: Typst refuses or doubts the document, as when a font is missing.
    """
    attachment = json.dumps(document["source"], ensure_ascii=False, indent=1) + "\n"
    return compiled(
        TEMPLATE,
        {
            "document": printed(document_text(shown(document)), document["meta"]["replaced"]),
            "attachment": attachment,
        },
        root=PACKAGE,
        timestamp=document["meta"]["timestamp"],
        fonts=fonts,
    )
