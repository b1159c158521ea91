"""The verification of a panel as a laboratory reads it before it orders: verification.pdf.

`compose` turns panel.json into sections of worded blocks; `typeset` only lays them out.
"""

from breakpoint_pcr.verification.composing import compose, document_text
from breakpoint_pcr.verification.typesetting import typeset

__all__ = ["compose", "document_text", "typeset"]
