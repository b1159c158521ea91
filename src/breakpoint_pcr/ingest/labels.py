"""Class labels as people type them: Δ, D or del, and a hyphen, a dash or a minus sign."""

import re

from breakpoint_pcr.ingest.cells import shown
from breakpoint_pcr.panel import Panel

LABEL = re.compile(r"(?:[Δδ∆]|del(?:ta)?|d)?[ _]?([0-9]{1,3})[-‐‑–—−_]([0-9]{1,3})", re.IGNORECASE)
NOTHING = frozenset({"none", "-", "0"})
SEPARATORS = re.compile(r"[;,+、，；\s]+")
LOOSE = re.compile(r"([Δδ∆]|del(?:ta)?|d)\s+(?=[0-9])", re.IGNORECASE)


def label_of(text: str, panel: Panel) -> str | None:
    """Return the panel's label of a class; None where it is none of the panel's."""
    match = LABEL.fullmatch(text.strip())
    labels = {(d.first_exon, d.last_exon): d.label for d in panel.deletions}
    return labels.get((int(match[1]), int(match[2]))) if match else None


def classes_of(text: str, panel: Panel) -> tuple[str, ...]:
    """Return the classes of a list separated by ; , + or blanks; `none` is the empty list.

    Raises:
        ValueError: A word is no class of the panel, or there is no word.
    """
    if text.strip().casefold() in NOTHING:
        return ()
    words = [word for word in SEPARATORS.split(LOOSE.sub(r"\1", text)) if word]
    labels: list[str] = []
    for word in words or [text.strip()]:
        label = label_of(word, panel)
        if label is None:
            known = ", ".join(deletion.label for deletion in panel.deletions)
            raise ValueError(f"class {shown(word)} is unknown; expected {known} or none")
        labels.append(label)
    return tuple(dict.fromkeys(labels))
