"""Which reactions must be run again, and why, for the one who pipettes."""

from collections.abc import Sequence

from breakpoint_pcr.report.plate import ranges, shortened
from breakpoint_pcr.report.source import View
from breakpoint_pcr.tables import Call, Outcome, Sample, State, Well

NAME_LETTERS = 48
UNSETTLED = (Call.INCONCLUSIVE, Call.INVALID)
DOUBTFUL = (Outcome.REVIEW, Outcome.INVALID)
MEASURED = (State.OK, State.UNDETERMINED)


def repeats(samples: Sequence[Sample], invalid: Sequence[str], view: View) -> list[dict[str, str]]:
    """Return what must be run again: first for want of a call, then where the call stands anyway.

    Args:
        samples: All of the run.
        invalid: Assays of which a control failed or is missing.
        view: The report's source.
    """
    groups: dict[tuple[bool, str, str], list[str]] = {}
    for sample in samples:
        unsettled = sample.call in UNSETTLED
        doubtful = _doubtful(view.wells_of(sample.sample))
        if unsettled or doubtful:
            what = _what(sample, doubtful, view)
            why = _why(sample, doubtful, invalid, view)
            name = shortened(sample.sample, NAME_LETTERS)
            groups.setdefault((not unsettled, what, why), []).append(name)
    return [
        {
            "sample": view.words.joined(names),
            "what": what,
            "why": why,
            "call": view.words.say("repeat_call_stands" if stands else "repeat_call_open"),
        }
        for (stands, what, why), names in sorted(groups.items(), key=lambda item: item[0][0])
    ]


def _doubtful(wells: Sequence[Well]) -> list[Well]:
    """Return the wells under review or invalid, and replicates that contradict each other."""
    split = {
        well.assay
        for well in wells
        for other in wells
        if (well.assay, well.outcome, other.outcome)
        == (other.assay, Outcome.POSITIVE, Outcome.NEGATIVE)
    }
    return [w for w in wells if w.outcome in DOUBTFUL or w.assay in split]


def _lacks_dna(sample: Sample) -> bool:
    return sample.call in UNSETTLED and "control_gene_failed" in sample.flags


def _gene_run(sample: Sample, view: View) -> bool:
    return not all(view.is_breakpoint(well.assay) for well in view.wells_of(sample.sample))


def _what(sample: Sample, doubtful: Sequence[Well], view: View) -> str:
    words, wells = view.words, view.wells_of(sample.sample)
    if _lacks_dna(sample):
        return words.say("repeat_dna" if _gene_run(sample, view) else "repeat_gene")
    absent = _not_run(sample, view)
    if not (doubtful or absent) or len(doubtful) == len(wells) > 1:
        return words.say("repeat_sample")
    found = {a: [w.well for w in doubtful if w.assay == a] for a in (w.assay for w in doubtful)}
    said = [f"{assay} ({ranges(names, words)})" for assay, names in found.items()]
    return words.joined([*said, *(f"{a} ({words.say('not_run')})" for a in absent)])


def _not_run(sample: Sample, view: View) -> list[str]:
    """Return the assays of the plate that a sample without a call lacks."""
    run = {well.assay for well in view.wells_of(sample.sample)}
    names = [a["name"] for a in view.assays] if sample.call in UNSETTLED else []
    return [name for name in names if name not in run]


def _why(sample: Sample, doubtful: Sequence[Well], invalid: Sequence[str], view: View) -> str:
    words = view.words
    gene = "repeat_why_dna" if _gene_run(sample, view) else "repeat_why_no_gene"
    reasons = [words.say(gene)] if _lacks_dna(sample) else []
    for well in doubtful:
        measured = well.state in MEASURED
        if well.outcome not in DOUBTFUL:
            reasons.append(words.say("repeat_why_replicates", assay=well.assay))
        elif well.outcome is Outcome.INVALID and measured and well.assay in invalid:
            reasons.append(words.say("repeat_why_controls", assay=well.assay))
        elif well.reason:
            reasons.append(well.reason)
    if absent := _not_run(sample, view):
        reasons.append(words.say("repeat_why_absent", assays=words.joined(absent)))
    return words.sentences(dict.fromkeys(reasons)) or sample.reason
