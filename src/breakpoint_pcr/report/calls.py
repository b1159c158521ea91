"""What a sample's call is in words: chips, interpretation, flags, limits, lost segments."""

from collections.abc import Mapping, Sequence
from typing import Any

from breakpoint_pcr.panel import Deletion
from breakpoint_pcr.report.levels import sensitivity
from breakpoint_pcr.report.loci import Bounds, Place, best_places
from breakpoint_pcr.report.source import View
from breakpoint_pcr.tables import Call, Outcome, Sample, Well

LEVELS: Mapping[str, str] = {
    Call.NEGATIVE: "plain",
    Call.INCONCLUSIVE: "warn",
    Call.INVALID: "fail",
    Call.MIXED: "mixed",
}
# Flags that only inform; every other one is a warning.
INFORMING = frozenset({"long_product_silent"})


def kind_of(sample: Sample) -> str:
    """Return the key of the wording for a call: `class`, or the call itself, with its variant."""
    if sample.call not in list(Call):
        return "class"
    if sample.call == Call.MIXED and not sample.deletions:
        return "mixed_open"
    if sample.call == Call.INCONCLUSIVE and sample.deletions:
        return "inconclusive_found"
    return sample.call


def chip(sample: Sample, view: View) -> dict[str, str]:
    """Return the call as a chip: its words and how weighty it looks."""
    text = view.words.texts["call_chips"][kind_of(sample)].format(
        call=sample.call, classes=" + ".join(sample.deletions)
    )
    return {"label": text, "level": LEVELS.get(sample.call, "found")}


def interpretation(sample: Sample, view: View) -> str:
    """Return the call as a sentence."""
    words = view.words
    candidates = [words.word("candidates", c) for c in sample.candidates]
    exons = [label.lstrip("Δ").replace("-", "–") for label in sample.deletions or (sample.call,)]
    return words.texts["interpretations"][kind_of(sample)].format(
        classes=words.joined(sample.deletions or (sample.call,)),
        exons=words.joined(exons),
        gene=view.source.panel["reference"]["gene"],
        candidates=words.either(candidates) or words.missing,
        tested=words.joined(classes_tested(view.wells_of(sample.sample), view)),
    )


def classes_tested(wells: Sequence[Well], view: View) -> list[str]:
    """Return the classes that the usable ones among these wells can show, in panel order."""
    run = {well.assay for well in wells if well.outcome is not Outcome.INVALID}
    found = {d for a in view.source.panel["assays"] if a["name"] in run for d in a["deletions"]}
    return [label for label in all_classes(view) if label in found]


def all_classes(view: View) -> list[str]:
    """Return every class of the panel, once."""
    labels = (d for a in view.source.panel["assays"] for d in a["deletions"])
    return list(dict.fromkeys(labels))


def flag_level(flag: str) -> str:
    """Return which icon a flag gets."""
    return "info" if flag in INFORMING else "warn"


def flag_words(flags: Sequence[str], view: View) -> str:
    """Return the flags in short words."""
    return view.words.joined(view.words.word("flags", flag) for flag in flags)


def flag_sentence(flag: str, wells: Sequence[Well], view: View) -> str:
    """Return a flag as a sentence; an unknown one as it is."""
    tested = classes_tested(wells, view)
    untested = [label for label in all_classes(view) if label not in tested]
    text = view.words.word("flag_sentences", flag)
    if text == flag:
        return flag
    unproven = unproven_primers(view)
    return text.format(
        classes=view.words.joined(untested),
        primers=view.words.joined(unproven) or view.words.missing,
        unsafe=view.words.joined(_classes_on(unproven, view)) or view.words.missing,
    )


def unproven_primers(view: View) -> list[str]:
    """Return the primers on the plate without an exact site or a confirmed sequence."""
    used = {name for pair in _pairs_run(view) for name in (pair["forward"], pair["reverse"])}
    return [
        primer["name"]
        for primer in view.source.panel["primers"]
        if primer["name"] in used
        and not primer["confirmed"]
        and all(site["edits"] for site in primer["sites"])
    ]


def _pairs_run(view: View) -> list[Mapping[str, Any]]:
    present = {assay["name"] for assay in view.assays}
    return [pair for pair in view.source.panel["wild_type"] if pair["assay"] in present]


def _classes_on(primers: Sequence[str], view: View) -> list[str]:
    """Return the classes that the plate shows only with one of these primers."""
    borders = {p["name"]: p["borders_exon"] for p in view.source.panel["primers"]}
    seen, sure = set[str](), set[str]()
    for pair in _pairs_run(view):
        names = (pair["forward"], pair["reverse"])
        label = Deletion(borders[names[0]], borders[names[1]]).label
        seen.add(label)
        if not set(names) & set(primers):
            sure.add(label)
    return [label for label in all_classes(view) if label in seen - sure]


def limits(sample: Sample, view: View) -> list[str]:
    """Return what the result cannot say."""
    words, panel = view.words, view.source.panel
    classes = classes_tested(view.wells_of(sample.sample), view)
    return [
        words.say("numbering", numbering=panel["reference"]["numbering"]),
        words.say("between", classes=words.joined(classes) or words.say("nothing")),
        words.say("blind", gene=panel["reference"]["gene"]),
        *panel["panel"].get("limitations", ()),
        words.say("unsequenced"),
        *sensitivity(view.levels_of(sample.sample), words),
        words.say("responsible"),
    ]


def bounds(sample: Sample, view: View) -> list[Bounds]:
    """Return where the ends of each class found must lie, from the pairs that gave a product."""
    found = [_bounds(label, view.wells_of(sample.sample), view) for label in sample.deletions]
    return [b for b in found if b]


def _bounds(label: str, wells: Sequence[Well], view: View) -> Bounds | None:
    """Return the tightest range over the assays that lit up; within a pooled one the loosest."""
    assays = [a["name"] for a in view.source.panel["assays"] if label in a["deletions"]]
    lit = {w.assay for w in wells if w.outcome is Outcome.POSITIVE} & set(assays)
    options = [_loosest(pairs) for a in sorted(lit or assays) if (pairs := _pairs(a, label, view))]
    if not options:
        return None
    rights = [b.right[1] for b in options if b.right[1] is not None]
    return Bounds(
        label,
        options[0].exons,
        (max(b.left[0] for b in options), options[0].left[1]),
        (options[0].right[0], min(rights) if rights else None),
    )


def _loosest(options: Sequence[Bounds]) -> Bounds:
    ends = [b.right[1] for b in options]
    right = None if None in ends else max(end for end in ends if end is not None)
    first = options[0]
    left = (min(b.left[0] for b in options), first.left[1])
    return Bounds(first.deletion, first.exons, left, (first.right[0], right))


def _pairs(assay: str, label: str, view: View) -> list[Bounds]:
    """Return the bounds that each pair of an assay sets for a class."""
    panel = view.source.panel
    places = {place.primer: place for place in best_places(panel)}
    borders = {p["name"]: p["borders_exon"] for p in panel["primers"]}
    found: list[Bounds] = []
    for pair in panel["wild_type"]:
        forward, reverse = pair["forward"], pair["reverse"]
        exons = (borders[forward], borders[reverse])
        same = None not in exons and Deletion(*exons).label == label
        if pair["assay"] == assay and same and forward in places and reverse in places:
            found += _pair(label, exons, (places[forward], places[reverse]), panel)
    return found


def _pair(
    label: str, exons: tuple[int, int], places: tuple[Place, Place], panel: Mapping[str, Any]
) -> list[Bounds]:
    reference = panel["reference"]
    ranges = {e["number"]: (e["start"], e["end"]) for e in reference["exons"]}
    main = reference["records"][0]["name"]
    forward, reverse = places
    if forward.record != main or not set(exons) <= set(ranges):
        return []
    start, end = ranges[exons[0]][0], ranges[exons[1]][1]
    right = reverse.first if reverse.record == main else None
    return [Bounds(label, exons, (forward.last, start), (end, right))]
