"""Each reaction of a run judged by itself, and what that takes: panel, products, limits, sheet."""

from collections.abc import Sequence
from dataclasses import dataclass

from breakpoint_pcr.calling.controls import must_show
from breakpoint_pcr.calling.settings import CallSettings
from breakpoint_pcr.calling.shapes import (
    NO_CURVE,
    Traced,
    feature_of,
    judge_traced,
    shape_of,
    with_curves,
)
from breakpoint_pcr.calling.sheet import Sheet, sheet_of
from breakpoint_pcr.calling.wells import JudgedWell, judge_well
from breakpoint_pcr.curves import JudgedCurve
from breakpoint_pcr.explanation import Allele, alleles_of
from breakpoint_pcr.ingest.wells import position
from breakpoint_pcr.panel import Panel
from breakpoint_pcr.runs import RunRecord
from breakpoint_pcr.tables import (
    Amplifies,
    Curve,
    Feature,
    Finding,
    Level,
    Product,
    Reaction,
    Role,
    State,
)

CRT = "crt"
NOTED = "the class of the curve takes it into account, nothing needs to be done"


@dataclass(frozen=True, slots=True)
class Method:
    """What holds for every run: the panel, what its assays amplify, and the limits."""

    panel: Panel
    products: Sequence[Product]
    alleles: tuple[Allele, ...]
    settings: CallSettings
    unconfirmed: frozenset[str]


def method_of(
    panel: Panel, products: Sequence[Product], settings: CallSettings, unconfirmed: frozenset[str]
) -> Method:
    """Bring together what holds for every run."""
    return Method(panel, products, alleles_of(products), settings, unconfirmed)


def judge_reactions(
    record: RunRecord, reactions: Sequence[Reaction], curves: Sequence[Curve], *, method: Method
) -> tuple[list[JudgedWell], list[Feature], list[Finding]]:
    """Judge each reaction of the panel by itself, with the features of its curve."""
    sheet = sheet_of(record.sheet)
    kept = [pair for pair in with_curves(reactions, curves) if pair[0].assay]
    traced = [
        Traced(reaction, curve, _must_amplify(reaction, sheet, method))
        for reaction, curve in kept
        if curve
    ]
    judged = judge_traced(traced, method.settings.curves)
    rest = iter(judged)
    shapes = [shape_of(curve, next(rest)) if curve else NO_CURVE for _, curve in kept]
    kinds = {file.name: file.ct_kind for file in record.files}
    wells = [
        judge_well(
            reaction,
            shape,
            rules=method.settings.wells,
            crt=(kinds.get(reaction.file) or record.ct_kind).casefold() == CRT,
            excluded=sheet.excluded(reaction),
        )
        for (reaction, _), shape in zip(kept, shapes, strict=True)
    ]
    pairs = [(entry.reaction, curve) for entry, curve in zip(traced, judged, strict=True)]
    features = [feature_of(reaction, curve) for reaction, curve in pairs]
    return wells, features, _curve_notes(record.run, pairs)


def _must_amplify(reaction: Reaction, sheet: Sheet, method: Method) -> bool:
    """Tell whether a reaction is a positive control whose curve shows how a full one looks.

    One that came too late or not at all has failed: it must not lower what others are held to.
    """
    if reaction.role is not Role.POSITIVE_CONTROL or reaction.state is not State.OK:
        return False
    genes = {assay.name for assay in method.panel.control_genes}
    expected = contents_of(sheet, reaction, method)
    must = must_show(expected, reaction.assay, method.alleles) is Amplifies.MUST
    in_time = reaction.ct is not None and reaction.ct < method.settings.wells.ct_limit
    return in_time and not sheet.excluded(reaction) and (must or reaction.assay in genes)


def contents_of(sheet: Sheet, reaction: Reaction, method: Method) -> tuple[str, ...] | None:
    """Return what a control contains, as far as the panel knows it; None where nobody says."""
    expected = sheet.expected(reaction)
    if not expected:
        return expected
    known = known_contents(method)
    return tuple(name for name in expected if name in known) or None


def known_contents(method: Method) -> frozenset[str]:
    """Return the classes, and the forms of them, that a positive control may contain."""
    labels = {deletion.label for deletion in method.panel.deletions}
    return frozenset(labels.union(allele.name for allele in method.alleles))


def _curve_notes(run: str, pairs: Sequence[tuple[Reaction, JudgedCurve]]) -> list[Finding]:
    """Return what was noted on curves, one finding for each kind of note."""
    places: dict[str, list[str]] = {}
    ordered = sorted(pairs, key=lambda pair: (position(pair[0].well), pair[0].assay, pair[0].dye))
    for reaction, judged in ordered:
        for note in judged.notes:
            places.setdefault(note, []).append(f"{reaction.well} {reaction.assay}")
    return [
        Finding(Level.INFO, "run", run, "curve_note", f"{note}: {', '.join(names)}; {NOTED}")
        for note, names in sorted(places.items())
    ]
