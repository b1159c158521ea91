"""What a run should be called, from the truth and from the rules of the design alone.

A well of the sample, first on its own. Not in the export, or empty there: no row, and a reader may
refuse the run, because the sheet names the well. Omitted: invalid. A Ct below the limit without a
curve: review. A jump, a weak or inhibited amplification: review, unless the Ct is at the limit or
later. A convex rise (or drying at the plate's edge) and a well without mix show no product, but may
be doubted: negative or review, both are right. Steps back, waves, hooks, saturation and missing
cycles leave a product or its absence to be seen, or doubted. Molecules and a Ct below the limit:
positive. Everything else: negative, whatever Ct drift or a spike may have made.
Then in the light of the controls: where water or wild-type DNA of a breakpoint assay was
contaminated and shows it, positives are invalid; where a positive control that holds a template
shows nothing, negatives are.

A sample, where truth alone decides: all its wells are positive or negative, each of its alleles
lights every pair that it must, nothing else is lit but long products, and its control gene is
positive. Then the call is its classes. Every other sample needs a line of the plan, worked out by
hand; without one it is left out.

Exchanged names: the data cannot show that a tube bears another's name, so no analysis can be right
about the two samples. They are left out; their wells follow the tube. Where the name of a control
or of an assay is exchanged, nothing on the plate has a right answer: only truth.tsv is filled. It
names what was pipetted, and in column `labelled` what the export says.
"""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from breakpoint_pcr.panel import AssayKind, Panel
from breakpoint_pcr.simulate.plate import SimulatedReaction
from breakpoint_pcr.simulate.truth import Expectation, FaultKind, SampleTruth
from breakpoint_pcr.tables import Amplifies, Outcome, Product, Role

POOR_REACTIONS = (FaultKind.WEAK, FaultKind.INHIBITED)
LOST = (FaultKind.NO_RESULT, FaultKind.EMPTY)
NO_PRODUCT = (FaultKind.CONVEX, FaultKind.NO_MIX)
DOUBTFUL_OPTICS = (
    *(FaultKind.STEP_BACK, FaultKind.WAVE, FaultKind.HOOK),
    *(FaultKind.SATURATION, FaultKind.MISSING_CYCLES),
)
Outcomes = tuple[Outcome, ...]
TEMPLATE_FREE = (Role.NTC, Role.NEGATIVE_CONTROL)


@dataclass(frozen=True, slots=True)
class Rules:
    """What the expectations rest on: the panel, its products, and the Ct limit in cycles."""

    panel: Panel
    products: Sequence[Product]
    ct_limit: float

    def kind(self, assay: str) -> AssayKind:
        """Return what an assay shows."""
        return next(a.kind for a in self.panel.assays if a.name == assay)

    def lit(self, allele: str, product: Amplifies) -> set[str]:
        """Return the assays that an allele lights in this way."""
        return {
            row.assay for row in self.products if row.allele == allele and row.product is product
        }

    def deletion(self, allele: str) -> str:
        """Return the class of an allele."""
        return next(row.deletion for row in self.products if row.allele == allele)


def outcomes_alone(reaction: SimulatedReaction, ct_limit: float) -> Outcomes:
    """Return what a tube may say, controls apart; nearly always one thing."""
    ct = reaction.reading.ct
    below = ct is not None and ct < ct_limit
    filled = any(reaction.molecules)
    kinds = {fault.kind for fault in reaction.tube.faults}
    doubtful = FaultKind.JUMP in kinds or (filled and kinds.intersection(POOR_REACTIONS))
    if FaultKind.OMITTED in kinds:
        return (Outcome.INVALID,)
    if doubtful and (below or ct is None):
        return (Outcome.REVIEW,)
    if below and FaultKind.MISSING_CURVE in kinds:
        return (Outcome.REVIEW,)
    if (kinds.intersection(NO_PRODUCT) or reaction.tube.effects.evaporation) and not filled:
        return (Outcome.NEGATIVE, Outcome.REVIEW)
    plain = Outcome.POSITIVE if below and filled else Outcome.NEGATIVE
    return (plain, Outcome.REVIEW) if kinds.intersection(DOUBTFUL_OPTICS) else (plain,)


def expected_outcomes(
    reactions: Sequence[SimulatedReaction], rules: Rules
) -> dict[tuple[str, str], Outcomes]:
    """Return the outcomes of each exported reaction by well and assay, controls considered."""
    if _controls_exchanged(reactions):
        return {}
    dirty = {r.tube.assay for r in reactions if _is_contaminated(r, rules)}
    dead = {r.tube.assay for r in reactions if _is_dead(r, rules)}
    found: dict[tuple[str, str], Outcomes] = {}
    for reaction in reactions:
        tube = reaction.tube
        if any(tube.fault(kind) for kind in LOST):
            continue
        void = {Outcome.POSITIVE} if tube.assay in dirty else set[Outcome]()
        void |= {Outcome.NEGATIVE} if tube.assay in dead else set[Outcome]()
        if tube.sample.role is not Role.UNKNOWN:
            void = set[Outcome]()
        found[tube.well, tube.assay] = tuple(
            Outcome.INVALID if outcome in void else outcome
            for outcome in outcomes_alone(reaction, rules.ct_limit)
        )
    return found


def _controls_exchanged(reactions: Sequence[SimulatedReaction]) -> bool:
    """Tell whether a control's name or an assay's is on a tube of another."""
    return any(
        r.tube.target != r.tube.assay
        or (
            r.tube.label is not r.tube.sample
            and {r.tube.label.role, r.tube.sample.role} != {Role.UNKNOWN}
        )
        for r in reactions
    )


def _is_contaminated(reaction: SimulatedReaction, rules: Rules) -> bool:
    tube = reaction.tube
    return (
        tube.sample.role in TEMPLATE_FREE
        and rules.kind(tube.assay) is AssayKind.BREAKPOINT
        and any(reaction.molecules)
        and reaction.reading.ct is not None
    )


def _is_dead(reaction: SimulatedReaction, rules: Rules) -> bool:
    tube = reaction.tube
    must = any(template.amplifies is Amplifies.MUST for template in tube.templates)
    positive = Outcome.POSITIVE in outcomes_alone(reaction, rules.ct_limit)
    return tube.sample.role is Role.POSITIVE_CONTROL and must and not positive


def expected_calls(reactions: Sequence[SimulatedReaction], rules: Rules) -> dict[str, Expectation]:
    """Return the expectation of each sample of role unknown that truth or the plan decides."""
    outcomes = expected_outcomes(reactions, rules)
    samples = {r.tube.sample.name: r.tube.sample for r in reactions}
    calls: dict[str, Expectation] = {}
    exchanged = {r.tube.sample.name for r in reactions if r.tube.label is not r.tube.sample}
    for name, sample in samples.items():
        if sample.role is not Role.UNKNOWN:
            continue
        seen = [
            (r.tube.assay, outcomes.get((r.tube.well, r.tube.assay), ()))
            for r in reactions
            if r.tube.sample.name == name
        ]
        decided = None if name in exchanged else _decided(sample, seen, rules)
        if call := sample.expect or decided:
            calls[name] = call
    return calls


def _decided(
    sample: SampleTruth, seen: Sequence[tuple[str, Outcomes]], rules: Rules
) -> Expectation | None:
    """Return the call where every well is plain and the pattern is just what the alleles give."""
    tested = {assay for assay, _ in seen}
    positive = {assay for assay, outcomes in seen if Outcome.POSITIVE in outcomes}
    plain = all(
        outcomes == (Outcome.POSITIVE if assay in positive else Outcome.NEGATIVE,)
        for assay, outcomes in seen
    )
    control_genes = {name for name in tested if rules.kind(name) is AssayKind.CONTROL_GENE}
    breakpoints = {a.name for a in rules.panel.assays if a.kind is AssayKind.BREAKPOINT}
    must = _union(rules.lit(allele, Amplifies.MUST) for allele in sample.alleles)
    may = _union(rules.lit(allele, Amplifies.MAY) for allele in sample.alleles)
    complete = breakpoints <= tested and control_genes and control_genes <= positive
    if not (plain and complete and must <= positive <= must | may | control_genes):
        return None
    classes = tuple(sorted({rules.deletion(allele) for allele in sample.alleles}))
    return Expectation(_label(classes), classes, (), _why(sample.alleles))


def _union(sets: Iterable[set[str]]) -> set[str]:
    return {name for names in sets for name in names}


def _label(classes: tuple[str, ...]) -> str:
    if not classes:
        return "negative"
    return classes[0] if len(classes) == 1 else "mixed"


def _why(alleles: Mapping[str, float]) -> str:
    if not alleles:
        return "no deletion allele; control gene amplified"
    held = ", ".join(f"{name} ({copies:g} copies)" for name, copies in alleles.items())
    return f"holds {held}; every product that must appear did"


def write_expectations(folder: Path, reactions: Sequence[SimulatedReaction], rules: Rules) -> None:
    """Write truth.tsv, wells.tsv and samples.tsv."""
    outcomes = expected_outcomes(reactions, rules)
    wells = ((well, assay, ";".join(found)) for (well, assay), found in outcomes.items())
    calls = (
        (name, e.call, ";".join(e.deletions), ";".join(e.candidates), e.why)
        for name, e in expected_calls(reactions, rules).items()
    )
    folder.mkdir()
    _write_truth(folder / "truth.tsv", reactions)
    _write(folder / "wells.tsv", ("well", "assay", "outcome"), wells)
    _write(folder / "samples.tsv", ("sample", "call", "deletions", "candidates", "why"), calls)


TRUTH = ("well", "sample", "role", "assay", "mean_copies", "molecules", "faults")
LABELLED = "labelled"


def _write_truth(path: Path, reactions: Sequence[SimulatedReaction]) -> None:
    """Write what is in the tubes, and beside it the written names where any was exchanged."""
    labels = [(r.tube.label.name, r.tube.target) for r in reactions]
    contents = [(r.tube.sample.name, r.tube.assay) for r in reactions]
    if labels == contents:
        _write(path, TRUTH, _truth(reactions))
        return
    rows = (
        (*row, f"{name} {target}")
        for row, (name, target) in zip(_truth(reactions), labels, strict=True)
    )
    _write(path, (*TRUTH, LABELLED), rows)


def _truth(reactions: Sequence[SimulatedReaction]) -> Iterator[tuple[str, ...]]:
    for reaction in reactions:
        tube = reaction.tube
        yield (
            tube.well,
            tube.sample.name,
            tube.sample.role.value,
            tube.assay,
            f"{sum(template.copies for template in tube.templates):.6g}",
            str(sum(reaction.molecules)),
            ";".join(fault.kind.value for fault in tube.faults),
        )


def _write(path: Path, header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter="\t", lineterminator="\n").writerows([header, *rows])
