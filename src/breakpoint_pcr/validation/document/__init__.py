"""The validation as people read it: docs/validation.md and validation.pdf.

`compose` turns the tables into sections of worded blocks (text, list, table, figure); a page and a
PDF only lay them out.
"""

from breakpoint_pcr.validation.document.composing import compose
from breakpoint_pcr.validation.document.page import page
from breakpoint_pcr.validation.document.reading import (
    read_laboratory,
    read_simulation,
    read_study,
    write_sums,
)
from breakpoint_pcr.validation.document.source import (
    LaboratoryTables,
    Simulation,
    StudyTables,
    ValidationSource,
)
from breakpoint_pcr.validation.document.typesetting import typeset_validation

__all__ = [
    "LaboratoryTables",
    "Simulation",
    "StudyTables",
    "ValidationSource",
    "compose",
    "page",
    "read_laboratory",
    "read_simulation",
    "read_study",
    "typeset_validation",
    "write_sums",
]
