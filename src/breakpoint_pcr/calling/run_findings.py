"""What a person should read about the wells and the design of a run, and in which order."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from breakpoint_pcr.calling.controls import background
from breakpoint_pcr.calling.plate import (
    Plate,
    classes_not_tested,
    classes_on_unconfirmed,
    unconfirmed_in_use,
)
from breakpoint_pcr.calling.wells import (
    CRT_NOT_ACCEPTED,
    CT_DISAGREEMENT,
    NONE_WITH_CT,
    TOO_FEW_CYCLES,
    WELL_UNUSABLE,
    JudgedWell,
)
from breakpoint_pcr.ingest.wells import position
from breakpoint_pcr.tables import Finding, Level, Outcome, Role, State

LEVELS = tuple(Level)
TAKEN_TOGETHER = {
    TOO_FEW_CYCLES: "run for fewer cycles than the Ct limit: these wells cannot be negative",
    CRT_NOT_ACCEPTED: "hold a Crt, for which the Ct limit was not set: they go to review",
}
CONTROL_DNA = (Role.NEGATIVE_CONTROL, Role.POSITIVE_CONTROL)


def well_findings(wells: Iterable[JudgedWell]) -> Iterator[Finding]:
    """Yield what is odd about single wells."""
    for well in wells:
        for level, code in _oddities(well):
            sentence = f"{well.reaction.assay}: {well.reason}"
            if code == CT_DISAGREEMENT:
                own = well.shape.ct_own or 0.0
                sentence = f"{well.reaction.assay}: own Ct {own:.2f}, instrument {well.ct_words}"
            yield Finding(level, "well", well.reaction.well, code, sentence)


def _oddities(well: JudgedWell) -> Iterator[tuple[Level, str]]:
    if well.override:
        return
    if NONE_WITH_CT in well.notes:
        yield Level.WARNING, NONE_WITH_CT
    if CT_DISAGREEMENT in well.notes:
        yield Level.WARNING, CT_DISAGREEMENT
    crt = CRT_NOT_ACCEPTED in well.notes
    if well.outcome is Outcome.REVIEW and well.reaction.role is Role.UNKNOWN and not crt:
        yield Level.WARNING, "well_review"


def shared_findings(wells: Sequence[JudgedWell], run: str) -> Iterator[Finding]:
    """Yield what many wells have in common, once."""
    for code, words in TAKEN_TOGETHER.items():
        if names := _names(well for well in wells if code in well.notes):
            yield Finding(Level.WARNING, "run", run, code, f"wells {names} {words}")
    idle = [w for w in wells if WELL_UNUSABLE in w.notes and w.reaction.state is not State.EMPTY]
    for reason in sorted({well.reason for well in idle}):
        names = _names(well for well in idle if well.reason == reason)
        yield Finding(Level.INFO, "run", run, WELL_UNUSABLE, f"{names}: {reason}")
    nameless = _names(w for w in wells if _in_use(w) and not w.reaction.sample)
    if nameless:
        words = f"wells {nameless} have no sample name: they are called for nobody"
        yield Finding(Level.ERROR, "run", run, "sample_unnamed", words)


def _in_use(well: JudgedWell) -> bool:
    return well.reaction.role is Role.UNKNOWN and well.reaction.state is not State.EMPTY


def _names(wells: Iterable[JudgedWell]) -> str:
    return ", ".join(sorted({well.reaction.well for well in wells}, key=position))


def control_gene_findings(wells: Sequence[JudgedWell], plate: Plate) -> Iterator[Finding]:
    """Yield what the control genes say of the control wells."""
    for well in plate.water:
        if background(well) in (Outcome.POSITIVE, Outcome.REVIEW):
            delta = f"{plate.controls.ntc_delta_ct:g}"
            words = f"no-template control amplifies {well.reaction.assay} ({well.ct_words}):"
            words = f"{words} samples within {delta} cycles of it have no adequate control gene"
            yield Finding(Level.INFO, "well", well.reaction.well, "control_gene_in_ntc", words)
    genes = {assay.name for assay in plate.panel.control_genes}
    for well in wells:
        reaction = well.reaction
        if reaction.assay in genes and reaction.role in CONTROL_DNA and _dark(well):
            words = f"{reaction.assay} of {reaction.sample} is {well.outcome}: {well.reason}"
            place = reaction.well
            yield Finding(Level.WARNING, "well", place, "control_without_input", words)


def _dark(well: JudgedWell) -> bool:
    """Tell whether a well that should hold DNA does not show it; plasmid controls need not."""
    plasmid = well.reaction.role is Role.POSITIVE_CONTROL and well.outcome is Outcome.NEGATIVE
    return well.outcome is not Outcome.POSITIVE and not plasmid


def design_findings(plate: Plate) -> Iterator[Finding]:
    """Yield what the plate cannot show."""
    if missing := classes_not_tested(plate):
        words = f"no assay of the plate shows {', '.join(missing)}"
        yield Finding(Level.WARNING, "run", plate.run, "classes_not_tested", words)
    if unseen := _forms_lost(plate):
        words = f"without every assay of the panel not seen, or only by a long product: {unseen}"
        yield Finding(Level.INFO, "run", plate.run, "forms_not_seen", words)
    if doubtful := sorted(classes_on_unconfirmed(plate)):
        for name in unconfirmed_in_use(plate):
            words = (
                f"no exact site: absence of {', '.join(doubtful)} is open; check the order sheet"
            )
            yield Finding(Level.WARNING, "primer", name, "primer_unconfirmed", words)


def _forms_lost(plate: Plate) -> str:
    """Return the alleles that the whole panel must light, and this plate need not."""
    run = {assay.name for assay in plate.assays}
    whole = {assay.name for assay in plate.panel.breakpoint_assays}
    tested = {deletion.label for assay in plate.assays for deletion in assay.deletions}
    return ", ".join(
        allele.name
        for allele in plate.alleles
        if allele.must & whole and not allele.must & run and allele.deletion in tested
    )


def sorted_findings(
    findings: Iterable[Finding], samples: Mapping[str, str], assays: Sequence[str]
) -> list[Finding]:
    """Return the findings: errors, warnings, infos; in each, run first, then in plate order.

    Args:
        findings: In any order; the same one twice is kept once.
        samples: First well of each sample.
        assays: Assays in panel order.
    """
    rank = {name: index for index, name in enumerate(assays)}

    def place(finding: Finding) -> tuple[int, ...]:
        if finding.scope in ("well", "sample"):
            well = samples.get(finding.subject, finding.subject)
            return (2, *_position(well))
        if finding.scope == "assay":
            return (1, rank.get(finding.subject, len(rank)))
        return (0,)

    def key(finding: Finding) -> tuple[int, tuple[int, ...], str, str, str]:
        order = LEVELS.index(finding.level), place(finding)
        return (*order, finding.subject, finding.code, finding.sentence)

    return sorted(dict.fromkeys(findings), key=key)


def _position(well: str) -> tuple[int, ...]:
    """Return row and column, or nothing for what is not a well of the run."""
    try:
        return position(well)
    except (ValueError, TypeError, IndexError):
        return ()
