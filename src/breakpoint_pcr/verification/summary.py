"""The head of the verification: verdict, summary in words, sources, verdict on each oligo."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from breakpoint_pcr.report.loci import first_position
from breakpoint_pcr.report.primers import (
    LEVELS,
    NOT_CHECKED,
    NOT_SEARCHED,
    coverage_words,
    off_target_words,
    searched,
    variant_words,
)
from breakpoint_pcr.report.wording import Words
from breakpoint_pcr.tables import Amplifies, Verdict
from breakpoint_pcr.verification import blocks
from breakpoint_pcr.verification.blocks import Block, cell, columns
from breakpoint_pcr.verification.wording import listed, paragraph

Panel = Mapping[str, Any]
PRIMER = "primer"
# What a panel.json says, or means by saying nothing, when nobody looked.
UNDONE = {"off_targets": NOT_SEARCHED, "variants": NOT_CHECKED}
LIBRARIES = frozenset({"python", "biopython", "primer3-py", "numpy", "typst"})


def summary_blocks(panel: Panel, words: Words) -> list[Block]:
    """Return verdict and sources."""
    code = panel["verdict"]
    label = words.word("panel_verdicts", code)
    banner = blocks.verdict(
        LEVELS.get(code, "warn"), label, paragraph(_sentences(panel, words), words)
    )
    return [banner, _sources(panel, words)]


def state(panel: Panel, key: str, words: Words) -> str:
    """Return what was done on off-targets or variants; a panel.json without it says nothing."""
    said = _state(panel, key)
    return words.section("states").get(said) or words.told(said)


def _state(panel: Panel, key: str) -> str:
    return (panel.get(key) or UNDONE[key]).rstrip(".")


def _sentences(panel: Panel, words: Words) -> Iterator[str]:
    code = panel["verdict"]
    yield words.word("verdict_meanings", code)
    yield _oligos(panel, words)
    yield from _alleles(panel, words)
    if coverage := coverage_words(panel, words):
        yield coverage
    yield from _design(panel, words)
    better = [
        words.say("summary_sequence", primer=p["name"], sequence=p["better_sequence"])
        for p in panel["primers"]
        if p["better_sequence"]
    ]
    if better:
        yield words.say("summary_better", primers=words.joined(better))
    known = {**panel, **{key: _state(panel, key) for key in UNDONE}}
    yield off_target_words(known, words)
    yield variant_words(known, words)


def _oligos(panel: Panel, words: Words) -> str:
    found = [(primer["verdict"], primer["name"]) for primer in panel["primers"]]
    counts = [_verdict_count(code, found, words) for code in Verdict]
    return words.say(
        "summary_oligos", total=len(found), verdicts=words.joined(filter(None, counts))
    )


def _verdict_count(code: str, found: Iterable[tuple[str, str]], words: Words) -> str:
    names = [name for verdict, name in found if verdict == code]
    if not names:
        return ""
    key = "summary_verdict" if code == Verdict.PASS else "summary_verdict_names"
    label = words.word("panel_verdicts", code)
    return words.say(key, count=len(names), verdict=label, names=words.joined(names))


def strongest(products: Iterable[Mapping[str, Any]]) -> str:
    """Return the surest of the products: must, may or none."""
    kinds = {product["product"] for product in products}
    return next((str(kind) for kind in Amplifies if kind in kinds), str(Amplifies.NONE))


def _alleles(panel: Panel, words: Words) -> Iterator[str]:
    counts = Counter(strongest(allele["products"]) for allele in panel["alleles"])
    if counts:
        kinds = {str(kind): counts[kind] for kind in Amplifies}
        yield words.say("summary_alleles", total=counts.total(), **kinds)


def _design(panel: Panel, words: Words) -> Iterator[str]:
    rows = panel.get("design") or ()
    confused = [row["form"] for row in rows if row["confused_with"]]
    if confused:
        yield words.say("summary_design", alleles=words.joined(confused))


def _sources(panel: Panel, words: Words) -> Block:
    heads = columns(words, "what:18", "description:82", "sha256:78")
    return blocks.table("", heads, [*_source_rows(panel, words)])


def _source_rows(panel: Panel, words: Words) -> Iterator[list[Any]]:
    own, reference = panel["panel"], panel["reference"]
    name = words.say("source_panel", **{key: own[key] for key in ("title", "name", "version")})
    yield [words.word("sources", "panel"), cell(name, (own["citation"], "muted")), _sha(own)]
    said = words.say(
        "source_reference",
        **{key: reference[key] for key in ("gene", "assembly", "accession", "transcript")},
    )
    yield [words.word("sources", "reference"), said, ""]
    for record in reference["records"]:
        place = cell(_placed(record, words), (record["source"], "muted"))
        yield [words.word("sources", "record"), place, _sha(record)]
    if genome := searched(panel):
        counts = {key: words.count(genome[key]) for key in ("records", "bases")}
        said = words.say("source_genome", file=genome["file"], **counts)
        yield [words.word("sources", "genome"), said, _sha(genome)]
    if programs := versions(panel):
        said = words.joined(f"{name} {version}" for name, version in _behind(programs))
        yield [words.word("sources", "program"), said, ""]


def versions(panel: Panel) -> Mapping[str, str]:
    """Return the versions that panel.json names, the program first."""
    found = panel.get("provenance") or {}
    return found.get("versions", found)


def _behind(programs: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield the program, then the libraries that a verification rests on."""
    for index, (name, version) in enumerate(programs.items()):
        if index == 0 or name in LIBRARIES:
            yield name, version


def _sha(source: Mapping[str, Any]) -> blocks.Cell:
    return cell((source["sha256"], "sum"))


def _placed(record: Mapping[str, Any], words: Words) -> str:
    first = first_position(record)
    key = "record_placed" if record["start"] else "record_unplaced"
    return words.say(
        key,
        name=record["name"],
        chromosome=record["chromosome"],
        start=words.count(first),
        end=words.count(first + record["length"] - 1),
        length=words.count(record["length"]),
    )


def oligo_blocks(panel: Panel, words: Words) -> list[Block]:
    """Return the verdict on each oligo with its reasons and the sequence that would fit."""
    heads = columns(words, "oligo:17", "verdict:15", "sequence_site:46", "reasons:63", "better:37")
    rows = [_oligo(primer, words) for primer in panel["primers"]]
    ordered = any(primer["confirmed"] for primer in panel["primers"])
    said = [words.say("oligos_note"), words.say("oligos_ordered") if ordered else ""]
    return [blocks.table("", heads, rows, note=paragraph(said, words))]


def _oligo(primer: Mapping[str, Any], words: Words) -> list[Any]:
    kind = primer["kind"]
    code = primer["verdict"]
    return [
        cell((primer["name"], "strong"), ("" if kind == PRIMER else words.word("kinds", kind), "")),
        cell((words.word("panel_verdicts", code), LEVELS.get(code, "warn"))),
        cell((primer["sequence"], "mono"), (_site(primer, words), "muted")),
        cell(*primer["reasons"]),
        _better(primer, words),
    ]


def _site(primer: Mapping[str, Any], words: Words) -> str:
    if not primer["sites"]:
        return words.say("no_site")
    best = min(primer["sites"], key=lambda s: (s["edits"], s["gaps"]))
    text = words.say(
        "site",
        position=best["position"],
        strand="−" if best["strand"] == "-" else "+",
        region=best["region"],
    )
    more = len(primer["sites"]) - 1
    return text + (words.say("sites_more", count=more) if more else "")


def _better(primer: Mapping[str, Any], words: Words) -> blocks.Cell:
    better, confirmed = primer["better_sequence"], primer["confirmed"]
    if confirmed:
        ordered = words.say("ordered", **{key: confirmed[key] for key in ("by", "date")})
        return cell((better, "mono"), (confirmed["sequence"], "mono"), (ordered, "muted"))
    if better:
        return cell((better, "mono"), (words.say("not_confirmed"), "muted"))
    return cell((listed([], words), "muted"))
