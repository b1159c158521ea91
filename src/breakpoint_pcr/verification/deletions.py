"""What the panel shows of deletions: products, coverage, shifted breakpoints, probes, design."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from breakpoint_pcr.insilico.rows import Probed, Seen
from breakpoint_pcr.report.primers import coverage_words, size_words
from breakpoint_pcr.report.wording import Words
from breakpoint_pcr.tables import Amplifies
from breakpoint_pcr.verification import blocks
from breakpoint_pcr.verification.blocks import Block, cell, columns, mark
from breakpoint_pcr.verification.summary import strongest
from breakpoint_pcr.verification.wording import listed, share, span

Panel = Mapping[str, Any]
Row = Mapping[str, Any]
BREAKPOINT = "breakpoint"
EXONS = re.compile(r"(\d+)(?:\D(\d+))?")
NEVER_LISTED = 60  # deletions; beyond, the triangle alone shows them
TRIANGLE_SHARE = 0.4  # of the width


def products_blocks(panel: Panel, words: Words) -> list[Block]:
    """Return the matrix of products; the longer of alleles and assays runs down the page."""
    assays = [assay for assay in panel["assays"] if assay["kind"] == BREAKPOINT]
    if not assays:
        return [blocks.text(words.say("no_assays"))]
    lines: list[tuple[str, Sequence[Row]]] = [
        *((allele["allele"], _lit(allele["products"])) for allele in panel["alleles"]),
        (words.word("labels", "wild_type"), _distances(panel)),
    ]
    cells = [[_products(products, assay, words) for assay in assays] for _, products in lines]
    names: list[str] = [name for name, _ in lines]
    heads: list[str] = [assay["name"] for assay in assays]
    corner = words.word("heads", "allele")
    if len(heads) > len(names):
        corner, names, heads = words.word("heads", "assay"), heads, names
        cells = [list(column) for column in zip(*cells, strict=True)]
    matrix = blocks.matrices(corner, heads, list(zip(names, cells, strict=True)))
    return blocks.noted(matrix, words.say("products_legend"))


def _distances(panel: Panel) -> list[dict[str, Any]]:
    return [{**row, "product": str(Amplifies.NONE)} for row in panel["wild_type"]]


def _lit(products: Iterable[Row]) -> list[Row]:
    return [row for row in products if row["product"] != Amplifies.NONE]


def _products(products: Iterable[Row], assay: Row, words: Words) -> dict[str, Any]:
    found = [p for p in products if p["assay"] == assay["name"] and p["size_min"] is not None]
    if not found:
        return mark("empty", (words.missing, "muted"))
    pooled = len(assay["pairs"]) > 1
    lines = [_product(product, words, pooled=pooled) for product in found]
    return mark(strongest(found), *(line for pair in lines for line in pair))


def _product(product: Row, words: Words, *, pooled: bool) -> list[tuple[str, str]]:
    size = size_words(product, words)
    text = f"({size})" if product["product"] == Amplifies.MAY else size
    pair = words.say("pair", forward=product["forward"], reverse=product["reverse"])
    return [(text, ""), (pair if pooled else "", "muted")]


def coverage_blocks(panel: Panel, words: Words) -> list[Block]:
    """Return the triangle of all deletions of consecutive exons, and in words those that matter."""
    rows = panel.get("coverage") or []
    if not rows:
        return []
    never = [row["deletion"] for row in rows if row["seen"] == Seen.NEVER]
    said = [blocks.text(coverage_words(panel, words))]
    if 0 < len(never) <= NEVER_LISTED:
        said.append(blocks.text(words.say("never_seen", deletions=words.joined(never))))
    said += [blocks.bullets(panel["panel"]["limitations"])]
    figure = _triangle(panel, rows, words)
    lead = [blocks.beside([figure], said, share=TRIANGLE_SHARE)] if figure else said
    seen = [row for row in rows if row["seen"] != Seen.NEVER or row["recurrent"]]
    return [*lead, _seen_table(seen, words)] if seen else lead


def _seen_table(rows: Iterable[Row], words: Words) -> Block:
    heads = columns(words, "deletion:14", "assays:34", ">shortest:15", "in_words:115")
    cells = [
        [
            cell((row["deletion"], "strong")),
            listed(row["assays"], words),
            words.missing if row["size_min"] is None else words.count(row["size_min"]),
            row["sentence"],
        ]
        for row in rows
    ]
    return blocks.table("", heads, cells, note=words.say("coverage_note"))


def exons_of(label: str) -> tuple[int, int] | None:
    """Return first and last deleted exon of a class label."""
    found = EXONS.search(label)
    return (int(found[1]), int(found[2] or found[1])) if found else None


def _triangle(panel: Panel, rows: Sequence[Row], words: Words) -> Block | None:
    placed = [(exons, row) for row in rows if (exons := exons_of(row["deletion"]))]
    known = {exon["number"] for exon in panel["reference"]["exons"]}
    numbers = sorted(known | {n for exons, _ in placed for n in exons})
    if not placed:
        return None
    at = {number: index for index, number in enumerate(numbers)}
    return blocks.figure(
        "triangle",
        {
            "exons": [str(number) for number in numbers],
            "cells": [
                {
                    "row": at[exons[0]],
                    "column": at[exons[1]],
                    "seen": row["seen"],
                    "recurrent": row["recurrent"],
                    "text": words.missing if row["seen"] == Seen.NEVER else "",
                }
                for exons, row in placed
            ],
            "first": words.word("heads", "first_exon"),
            "last": words.word("heads", "last_exon"),
            "legend": [{"seen": str(s), "label": words.word("seen", s)} for s in Seen],
            "recurrent": words.say("recurrent"),
            "alt": _said(rows, words),
        },
    )


def _said(rows: Sequence[Row], words: Words) -> str:
    kinds = [(s, [r["deletion"] for r in rows if r["seen"] == s]) for s in map(str, Seen)]
    parts = [
        words.say("triangle_kind", seen=words.word("seen", s), deletions=words.joined(found))
        for s, found in kinds
        if found
    ]
    return words.say("triangle_alt", deletions=words.sentences(parts))


def robustness_blocks(panel: Panel, words: Words) -> list[Block]:
    """Return for each allele how much of it is still seen when its breakpoints move."""
    rows = panel.get("robustness") or []
    shifts = sorted({row["shift_nt"] for row in rows})
    if not rows:
        return []
    found = {(row["allele"], row["shift_nt"]): row for row in rows}
    lines = [
        (allele, [_kept(found.get((allele, shift)), words) for shift in shifts])
        for allele in dict.fromkeys(row["allele"] for row in rows)
    ]
    heads = [words.say("shift", nt=words.count(shift)) for shift in shifts]
    matrix = blocks.matrices(words.word("heads", "allele"), heads, lines)
    return blocks.noted(matrix, words.say("robustness_note"))


def _kept(row: Row | None, words: Words) -> dict[str, Any]:
    if row is None:
        return mark("plain", (words.missing, "muted"))
    must, may = share(row["must"], words), share(row["may"], words)
    return mark("plain", words.say("kept", must=must, may=may) if may != must else must)


def probe_blocks(panel: Panel, words: Words) -> list[Block]:
    """Return the free bases beside each junction, and what an allele leaves of the probe."""
    rows = panel.get("probe_room") or []
    heads = ["allele:34", "assay:26", "forward:18", "reverse:18", ">left_room:22", ">right_room:22"]
    probed = any(row["probe"] for row in rows)
    heads += ["probe:20", "probed:26"] if probed else []
    cells = [_room(row, words)[: len(heads)] for row in rows]
    note = words.say("probe_note" if probed else "no_probe_note")
    return [blocks.table("", columns(words, *heads), cells, note=note)] if rows else []


def _room(row: Row, words: Words) -> list[Any]:
    kept = row["probed"] or ""
    look = "" if kept in ("", Probed.KEPT) else "warn"
    return [
        cell((row["allele"], "strong")),
        row["assay"],
        row["forward"],
        row["reverse"],
        span(row["left_min"], row["left_max"], words),
        span(row["right_min"], row["right_max"], words),
        row["probe"] or words.missing,
        cell((words.word("probed", kept) if kept else words.missing, look)),
    ]


def design_blocks(panel: Panel, words: Words) -> list[Block]:
    """Return whether the assays that the laboratory keeps tell each class."""
    rows = panel.get("design") or []
    if not rows:
        return []
    heads = columns(words, "deletion:14", "allele:44", "assays:40", "resolved:80")
    cells = [
        [
            cell((row["deletion"], "strong")),
            row["form"],
            listed(row["assays"], words),
            cell(_resolved(row, words)),
        ]
        for row in rows
    ]
    lead = blocks.text(_kept_words(panel, words))
    return [lead, blocks.table("", heads, cells, note=words.say("design_note"))]


def _kept_words(panel: Panel, words: Words) -> str:
    every = [assay["name"] for assay in panel["assays"] if assay["kind"] == BREAKPOINT]
    kept = panel.get("kept_assays")
    if not kept or set(kept) == set(every):
        return words.say("kept_all")
    return words.say("kept_assays", assays=words.joined(kept))


def _resolved(row: Row, words: Words) -> tuple[str, str]:
    calls = words.either(words.word("candidates", call) for call in row["confused_with"])
    if not row["seen"]:
        return words.say("not_seen"), "fail"
    if row["long_only"]:
        key = "resolved_long" if not calls else "long_or_else"
        return words.say(key, calls=calls), "warn"
    if calls:
        return words.say("not_resolved", calls=calls), "warn"
    return words.say("resolved"), "pass"
