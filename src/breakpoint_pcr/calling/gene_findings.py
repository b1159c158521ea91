"""What a person should read about the control genes of a run."""

from collections.abc import Collection, Iterator, Sequence

from breakpoint_pcr.calling.controls import background
from breakpoint_pcr.calling.inhibition import Delay
from breakpoint_pcr.calling.plate import Plate, in_plate_order
from breakpoint_pcr.calling.wells import JudgedWell
from breakpoint_pcr.tables import Finding, Level, Outcome, Role

CONTROL_DNA = (Role.NEGATIVE_CONTROL, Role.POSITIVE_CONTROL)
GENE_NTC_MISSING = "control_gene_ntc_missing"
INHIBITION_NOT_CHECKED = "inhibition_not_checked"
CONTROL_GENE_EARLY = "control_gene_early"
NAMES_SHOWN = 12


def control_gene_findings(wells: Sequence[JudgedWell], plate: Plate) -> Iterator[Finding]:
    """Yield what the control genes say of the control wells."""
    for well in plate.basis.water:
        if background(well) in (Outcome.POSITIVE, Outcome.REVIEW):
            delta = f"{plate.controls.ntc_delta_ct:g}"
            words = (
                f"no-template control amplifies {well.reaction.assay} ({well.ct_words}): samples "
                f"within {delta} cycles of it have no adequate control gene; look for human DNA "
                "in the reagents"
            )
            yield Finding(Level.INFO, "well", well.reaction.well, "control_gene_in_ntc", words)
    genes = {assay.name for assay in plate.panel.control_genes}
    yield from _genes_without_water(wells, plate, genes)
    for well in wells:
        reaction = well.reaction
        if reaction.assay in genes and reaction.role in CONTROL_DNA and _dark(well):
            words = (
                f"{reaction.assay} of {reaction.sample} is {well.outcome}: {well.reason}; "
                "that this control held DNA is not shown, so a dark wild-type control counts as "
                "missing; check its tube"
            )
            place = reaction.well
            yield Finding(Level.WARNING, "well", place, "control_without_input", words)


def _genes_without_water(
    wells: Sequence[JudgedWell], plate: Plate, genes: Collection[str]
) -> Iterator[Finding]:
    """Yield the control genes of samples that no usable no-template control stands beside."""
    of_samples = {w.reaction.assay for w in wells if w.reaction.role is Role.UNKNOWN}
    watched = {well.reaction.assay for well in plate.basis.water if well.usable}
    for gene in sorted(of_samples & set(genes) - watched):
        words = (
            f"no no-template control of {gene} on the plate: DNA in the reagents would pass for "
            "that of a sample; add one"
        )
        level = Level.WARNING if plate.controls.ntc_required else Level.INFO
        yield Finding(level, "assay", gene, GENE_NTC_MISSING, words)


def inhibition_findings(wells: Sequence[JudgedWell], plate: Plate) -> Iterator[Finding]:
    """Yield, once, whose input could not be compared, and control genes that come early."""
    limit = plate.controls.delay_max
    if limit is None:
        return
    genes = {assay.name for assay in plate.panel.control_genes}
    read = [w for w in wells if _of_sample(w) and w.reaction.assay in genes]
    read = [w for w in read if w.outcome is Outcome.POSITIVE and w.reaction.ct is not None]
    if open_ := [w for w in read if w.reaction not in plate.basis.delays]:
        words = _unchecked(open_, plate)
        yield Finding(Level.INFO, "run", plate.run, INHIBITION_NOT_CHECKED, words)
    for well in read:
        delay = plate.basis.delays.get(well.reaction)
        if delay and -delay.cycles > limit:
            place, words = well.reaction.well, _early(well, delay)
            yield Finding(Level.WARNING, "well", place, CONTROL_GENE_EARLY, words)


def _of_sample(well: JudgedWell) -> bool:
    return well.reaction.role is Role.UNKNOWN and bool(well.reaction.sample)


def _unchecked(wells: Sequence[JudgedWell], plate: Plate) -> str:
    """Say of which samples inhibition was not checked, and what that takes."""
    names = list(dict.fromkeys(w.reaction.sample for w in in_plate_order(wells)))
    blind = all(not w.reaction.input_ng for w in wells)
    who = ", ".join(names) if len(names) <= NAMES_SHOWN else f"{len(names)} samples"
    needed = plate.controls.delay_others_min
    why = (
        "the sheet does not give their input_ng"
        if blind
        else f"it takes input_ng of the sample and of {needed} other samples or controls"
    )
    return (
        f"inhibition was not checked for {who}: {why}; a control gene that comes late for its "
        "input would not be noticed"
    )


def _early(well: JudgedWell, delay: Delay) -> str:
    reaction = well.reaction
    return (
        f"{reaction.assay} of {reaction.sample} comes {-delay.cycles:.2f} cycles earlier than its "
        f"input of {reaction.input_ng:g} ng explains, as with {2**-delay.cycles:.1f} times as much "
        "DNA: levels and what a negative excludes rest on the input; check input_ng in the sheet"
    )


def _dark(well: JudgedWell) -> bool:
    """Tell whether a well that should hold DNA does not show it; plasmid controls need not."""
    plasmid = well.reaction.role is Role.POSITIVE_CONTROL and well.outcome is Outcome.NEGATIVE
    return well.outcome is not Outcome.POSITIVE and not plasmid
