"""The page on the primers in silico, from panel.json."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from breakpoint_pcr.insilico.rows import Seen
from breakpoint_pcr.report.alignments import alignments, said
from breakpoint_pcr.report.loci import locus_map
from breakpoint_pcr.report.windows import zoom_map
from breakpoint_pcr.report.wording import Words
from breakpoint_pcr.tables import Level

DIMERS_SHOWN = 4
# Conditions of what stands in verification.pdf alone, and limits that this page has no room for.
ELSEWHERE = frozenset(
    {
        *("variant_frequency_min", "variant_studies_ignored", "variant_surroundings_nt"),
        *("shifts_nt", "fragile_shift_nt", "fragile_share_min", "kept_assays"),
    }
)
FINER = frozenset(
    {
        *("end_stability_dg_min_kcal", "three_prime_gc_max", "base_run_max_nt", "g_run_max_nt"),
        "probe_tm_above_min_celsius",
    }
)
# What panel.json says of a search that was not done.
NOT_SEARCHED, NOT_CHECKED = "not searched", "not checked"
LEVELS = {"PASS": "pass", "CHECK": "warn", "FAIL": "fail"}
PASSED = "PASS"
BREAKPOINT = "breakpoint"


def primers_page(panel: Mapping[str, Any], words: Words) -> dict[str, Any]:
    """Return everything that the page shows."""
    return {
        "locus": locus_map(panel, words),
        "zoom": zoom_map(panel, words),
        "verdict": _verdict(panel["verdict"], words),
        "primers": [_primer(primer, words) for primer in panel["primers"]],
        "warnings": [w for p in panel["primers"] if (w := _warning(p, words))],
        "alignments": [a for p in panel["primers"] for a in alignments(p, words)],
        "products": _products(panel, words),
        "dimers": [_dimer(dimer, words) for dimer in _worst(panel["dimers"])],
        "conditions": condition_words(_conditions_here(panel), words),
        "notes": [
            words.say("melting"),
            off_target_words(panel, words),
            variant_words(panel, words),
        ],
    }


def _conditions_here(panel: Mapping[str, Any]) -> dict[str, Any]:
    known = chemical(panel["conditions"])
    return {key: value for key, value in known.items() if key not in FINER}


def chemical(conditions: Mapping[str, Any]) -> dict[str, Any]:
    """Return the conditions of sites, products and oligos."""
    return {key: value for key, value in conditions.items() if key not in ELSEWHERE}


def off_target_words(panel: Mapping[str, Any], words: Words) -> str:
    """Return what the search of a genome found that matters most, or that there was none."""
    genome = searched(panel)
    if not genome or genome.get("products") is None:
        return words.say("off_targets", state=words.told(panel["off_targets"]).rstrip("."))
    # The product of a control gene is wanted; its site need not lie in the reference.
    assays = {assay["name"] for assay in panel["assays"] if assay["kind"] == BREAKPOINT}
    odd = [p for p in genome["products"] if not p["target"] and assays & {*p["assays"]}]
    said = words.count(len(odd))
    if genome.get("product_count", 0) > len(genome["products"]):
        said = words.say("at_least", size=said)
    return words.say("off_target_products", file=genome["file"], count=said)


def searched(panel: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return what a search of the genome found; nothing where there was none."""
    state = panel.get("off_targets") or NOT_SEARCHED
    return None if state == NOT_SEARCHED else panel.get("genome")


def checked(panel: Mapping[str, Any]) -> list[Mapping[str, Any]] | None:
    """Return the known variants under the oligos; None where they were not looked up."""
    state = panel.get("variants") or NOT_CHECKED
    return None if state == NOT_CHECKED else panel.get("variant_rows")


def variant_words(panel: Mapping[str, Any], words: Words) -> str:
    """Return how many known variants lie under the oligos, or that none were looked up."""
    rows = checked(panel)
    if rows is None:
        return words.say("variants", state=words.told(panel["variants"]).rstrip("."))
    warned = sum(row["level"] == Level.WARNING for row in rows)
    return words.say("variants_found", total=words.count(len(rows)), count=words.count(warned))


def condition_words(conditions: Mapping[str, Any], words: Words) -> list[str]:
    """Return the conditions in words; one without a value is left out."""
    return [
        _condition(key, value, words)
        for key, value in conditions.items()
        if value not in (None, [])
    ]


def _condition(key: str, value: object, words: Words) -> str:
    number = words.joined(_plain(item, words) for item in _items(value))
    text = words.word("conditions", key)
    return f"{key} {number}" if text == key else text.format(value=number)


def _items(value: Any) -> list[Any]:  # noqa: ANN401
    return value if isinstance(value, list) else [value]


def _plain(value: object, words: Words) -> str:
    if isinstance(value, int | float):
        return words.plain(value).replace("-", "−")
    return str(value)


def coverage_words(panel: Mapping[str, Any], words: Words) -> str:
    """Return in a sentence how many deletions are seen; empty where panel.json does not say."""
    counts = Counter(row["seen"] for row in panel.get("coverage") or ())
    kinds = [kind for kind in map(str, Seen) if counts[kind]]
    seen = (
        words.say("coverage_count", count=words.count(counts[kind]), seen=words.word("seen", kind))
        for kind in kinds
    )
    return (
        words.say("coverage", total=words.count(counts.total()), seen=words.joined(seen))
        if kinds
        else ""
    )


def _verdict(code: str, words: Words) -> dict[str, str]:
    return {"level": LEVELS.get(code, "warn"), "label": words.word("primer_verdicts", code)}


def _primer(primer: Mapping[str, Any], words: Words) -> dict[str, Any]:
    sites = sorted(primer["sites"], key=lambda s: (s["edits"], s["gaps"]))
    return {
        "name": primer["name"],
        "sequence": primer["sequence"],
        "positions": [site["position"] for site in sites] or [words.say("no_site")],
        "regions": [site["region"] for site in sites],
        "strand": "−" if primer["strand"] == "-" else "+",
        "edits": [said(site, words) for site in sites],
        "tm": words.number(primer["tm_celsius"], 1),
        "gc": words.number(primer["gc_percent"], 0),
        "verdict": _verdict(primer["verdict"], words),
        "remarks": _remarks(primer, words),
    }


def _remarks(primer: Mapping[str, Any], words: Words) -> str:
    """Return what is to be said of a primer in its row; nothing of one within all limits."""
    if _warning(primer, words):
        return words.say("primers_see_box")
    passed = primer["verdict"] == PASSED
    return "" if passed else words.sentences(primer["reasons"])


def _warning(primer: Mapping[str, Any], words: Words) -> list[str]:
    """Return what a reader must know of a primer without an exact site."""
    lines: list[str] = []
    if not any(site["edits"] == 0 for site in primer["sites"]):
        detail = words.sentences(reason.rstrip(".。") for reason in primer["reasons"])
        detail = detail or words.say("no_site")
        lines.append(words.say("primers_not_exact", primer=primer["name"], detail=detail))
    better = primer["better_sequence"]
    if better and better not in "".join(lines):
        lines.append(words.say("primers_better", sequence=better))
    if lines and primer["confirmed"]:
        lines.append(words.say("primers_confirmed", **primer["confirmed"]))
    elif lines:
        lines.append(words.say("primers_unconfirmed", primer=primer["name"]))
    return lines


def _products(panel: Mapping[str, Any], words: Words) -> dict[str, Any]:
    assays = [a["name"] for a in panel["assays"] if a["kind"] == BREAKPOINT]
    rows = [
        (a["allele"], [p for p in a["products"] if p["product"] != "none"])
        for a in panel["alleles"]
    ]
    wild = [{**p, "product": "none"} for p in panel["wild_type"]]
    rows.append((words.word("labels", "wild_type"), wild))
    return {
        "assays": assays,
        "rows": [
            {"allele": allele, "cells": [_cell(products, assay, words) for assay in assays]}
            for allele, products in rows
        ],
        "note": " ".join(filter(None, (words.say("products_note"), coverage_words(panel, words)))),
    }


def _cell(products: Sequence[Mapping[str, Any]], assay: str, words: Words) -> list[dict[str, str]]:
    found = [p for p in products if p["assay"] == assay and p["size_min"] is not None]
    return [{"text": size_words(p, words), "product": p["product"]} for p in found]


def size_words(product: Mapping[str, Any], words: Words) -> str:
    """Return the range of a product's sizes, without the unit."""
    low, high = product["size_min"], product["size_max"]
    if high is None:
        return words.say("at_least", size=words.count(low))
    return words.count(low) if low == high else f"{words.count(low)}–{words.count(high)}"


def _worst(dimers: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    found = [dimer for dimer in dimers if dimer["dg_kcal"] is not None]
    order = sorted(found, key=lambda d: (d["dg_kcal"], d["first"], d["second"]))
    return order[:DIMERS_SHOWN]


def _dimer(dimer: Mapping[str, Any], words: Words) -> dict[str, Any]:
    return {
        "pair": f"{dimer['first']} + {dimer['second']}",
        "tm": words.number(dimer["tm_celsius"], 1),
        "dg": words.number(dimer["dg_kcal"], 1),
        "three_prime": words.number(dimer["three_prime_dg_kcal"], 1),
        "share": bool(dimer["share_an_assay"]),
    }
