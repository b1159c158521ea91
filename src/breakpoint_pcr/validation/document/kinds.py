"""Kinds of causes: a cause without the wells, numbers and assays that make it a sample's own.

A cause names reactions (`causes.cause_of`): assay, well, molecules, what was done to it, Ct, curve,
outcome and reason. Samples whose reactions went the same way are of one kind.
"""

import re
from collections.abc import Collection

from breakpoint_pcr.validation.document.source import View

KINDS_SHOWN = 2
ANY = "…"
NEXT_REACTION = re.compile(r"; (?=\S+ [A-P]\d{1,2}: \d+ molecules)")
MORE = re.compile(r"; and \d+ more$")
WELL = re.compile(r"(?<![\w./-])[A-P]\d{1,2}(?!\w)")
NUMBER = re.compile(r"(?<![\w./-])-?\d+(?:\.\d+)?(?![\w/])")
REPEATED = re.compile(rf"{ANY}(?:[ ,:]+{ANY})+")
LEADING = re.compile(rf"^{ANY}[ ,:]*")
# Ct and class of the curve; the reason after them says what of it matters.
MEASURED = re.compile(rf"(?:Ct {ANY}|no Ct), curve \w+, (?=\w+: )")


def kind_of(cause: str, assays: Collection[str], view: View) -> str:
    """Return the kind of a cause, in words.

    Args:
        cause: As it stands with the sample.
        assays: Names of the panel's assays.
        view: The report's wording.
    """
    reactions = NEXT_REACTION.split(MORE.sub("", cause))
    kinds = list(dict.fromkeys(_general(reaction, assays, view) for reaction in reactions))
    more = [ANY] if len(kinds) > KINDS_SHOWN else []
    return "; ".join([*kinds[:KINDS_SHOWN], *more])


def _general(reaction: str, assays: Collection[str], view: View) -> str:
    text = re.sub(r"\b0 molecules", view.say("without_template"), reaction)
    text = re.sub(r"\b\d+ molecules", view.say("with_template"), text)
    for assay in sorted(assays, key=len, reverse=True):
        text = text.replace(assay, ANY)
    text = REPEATED.sub(ANY, NUMBER.sub(ANY, WELL.sub(ANY, text)))
    return MEASURED.sub("", LEADING.sub("", text))
