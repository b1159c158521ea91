"""What a person should read about the wells and the design of a run, and in which order."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from breakpoint_pcr.calling.plate import (
    Plate,
    classes_not_tested,
    classes_on_unconfirmed,
    unconfirmed_in_use,
)
from breakpoint_pcr.calling.tubes import NO_DNA_IN_WELL
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
    TOO_FEW_CYCLES: (
        "run for fewer cycles than the Ct limit: these wells cannot be negative; "
        "repeat them with at least as many cycles as the limit"
    ),
    CRT_NOT_ACCEPTED: (
        "hold a Crt, for which the Ct limit was not set: they go to review; export the Ct, "
        "or set calling.accept_crt once the limit is verified for Crt"
    ),
}
ODDITIES = {
    NONE_WITH_CT: (
        "the background crosses the threshold, and the well is read as negative; "
        "check baseline and threshold of the export"
    ),
    NO_DNA_IN_WELL: "the negative of this tube does not count; repeat it",
    "well_review": (
        "it counts as neither positive nor negative; look at the curve and repeat the well, "
        "or sign a decision in run.yaml"
    ),
}


def well_findings(wells: Iterable[JudgedWell]) -> Iterator[Finding]:
    """Yield what is odd about single wells."""
    for well in wells:
        for level, code in _oddities(well):
            words = _disagreement(well) if code == CT_DISAGREEMENT else well.reason
            meaning = ODDITIES.get(code, "")
            sentence = ": ".join(filter(None, (well.reaction.assay, words, meaning)))
            yield Finding(level, "well", well.reaction.well, code, sentence)


def _disagreement(well: JudgedWell) -> str:
    ct, own = well.reaction.ct or 0.0, well.shape.ct_own or 0.0
    return (
        f"the instrument's Ct {well.ct_words} and our own {own:.2f} lie {abs(ct - own):.2f} cycles "
        "apart: the instrument's counts; check baseline and threshold of the export"
    )


def _oddities(well: JudgedWell) -> Iterator[tuple[Level, str]]:
    if well.override:
        return
    if NONE_WITH_CT in well.notes:
        yield Level.WARNING, NONE_WITH_CT
    if NO_DNA_IN_WELL in well.notes:
        yield Level.WARNING, NO_DNA_IN_WELL
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
        words = f"{names}: {reason}; not counted, neither as positive nor as negative"
        yield Finding(Level.INFO, "run", run, WELL_UNUSABLE, words)
    nameless = _names(w for w in wells if _in_use(w) and not w.reaction.sample)
    if nameless:
        words = (
            f"wells {nameless} have no sample name: they are called for nobody; "
            "name their sample in samplesheet.csv"
        )
        yield Finding(Level.ERROR, "run", run, "sample_unnamed", words)


def _in_use(well: JudgedWell) -> bool:
    return well.reaction.role is Role.UNKNOWN and well.reaction.state is not State.EMPTY


def _names(wells: Iterable[JudgedWell]) -> str:
    return ", ".join(sorted({well.reaction.well for well in wells}, key=position))


def design_findings(plate: Plate) -> Iterator[Finding]:
    """Yield what the plate cannot show."""
    if missing := classes_not_tested(plate):
        words = (
            f"no assay of the plate shows {', '.join(missing)}: these classes are not tested in "
            "this run, and no call speaks of them; run their assays to test them"
        )
        yield Finding(Level.WARNING, "run", plate.run, "classes_not_tested", words)
    if unseen := _forms_lost(plate):
        words = (
            f"without every assay of the panel not seen, or only by a long product: {unseen}; "
            "a negative does not exclude them"
        )
        yield Finding(Level.INFO, "run", plate.run, "forms_not_seen", words)
    if doubtful := sorted(classes_on_unconfirmed(plate)):
        for name in unconfirmed_in_use(plate):
            words = (
                f"no exact site: absence of {', '.join(doubtful)} is open; check the order sheet "
                "and put the sequence that was ordered on record (primers.confirmed)"
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
