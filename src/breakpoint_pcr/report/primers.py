"""The page on the primers in silico, from panel.json."""

from collections.abc import Mapping, Sequence
from typing import Any

from breakpoint_pcr.report.loci import locus_map
from breakpoint_pcr.report.windows import zoom_map
from breakpoint_pcr.report.wording import Words

DIMERS_SHOWN = 4
LEVELS = {"PASS": "pass", "CHECK": "warn", "FAIL": "fail"}
LINE_SEPARATOR = " / "
PASSED = "PASS"


def primers_page(panel: Mapping[str, Any], words: Words) -> dict[str, Any]:
    """Return everything that the page shows."""
    return {
        "locus": locus_map(panel, words),
        "zoom": zoom_map(panel, words),
        "verdict": _verdict(panel["verdict"], words),
        "primers": [_primer(primer, words) for primer in panel["primers"]],
        "warnings": [w for p in panel["primers"] if (w := _warning(p, words))],
        "alignments": [a for p in panel["primers"] for a in _alignments(p)],
        "products": _products(panel, words),
        "dimers": [_dimer(dimer, words) for dimer in _worst(panel["dimers"])],
        "conditions": [_condition(key, value, words) for key, value in panel["conditions"].items()],
        "notes": [
            words.say("melting"),
            words.say("off_targets", state=panel["off_targets"]),
            words.say("variants", state=panel["variants"]),
        ],
    }


def _condition(key: str, value: object, words: Words) -> str:
    said = words.plain(value) if isinstance(value, int | float) else str(value)
    text = words.word("conditions", key)
    return f"{key} {said}" if text == key else text.format(value=said.replace("-", "−"))


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
        "edits": [_edits(site, words) for site in sites],
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
    return "" if passed else "; ".join(primer["reasons"])


def _edits(site: Mapping[str, Any], words: Words) -> str:
    if not site["edits"]:
        return words.say("edits_exact")
    counts = {"edits_mismatches": site["mismatches"], "edits_gaps": site["gaps"]}
    return words.joined(words.say(key, count=n) for key, n in counts.items() if n)


def _warning(primer: Mapping[str, Any], words: Words) -> list[str]:
    """Return what a reader must know of a primer without an exact site."""
    lines: list[str] = []
    if not any(site["edits"] == 0 for site in primer["sites"]):
        detail = "; ".join(reason.rstrip(".") for reason in primer["reasons"])
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


def _alignments(primer: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "primer": primer["name"],
            "position": site["position"],
            "lines": site["alignment"].split(LINE_SEPARATOR),
        }
        for site in primer["sites"]
        if site["edits"]
    ]


def _products(panel: Mapping[str, Any], words: Words) -> dict[str, Any]:
    assays = [a["name"] for a in panel["assays"] if a["kind"] == "breakpoint"]
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
        "note": words.say("products_note"),
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
