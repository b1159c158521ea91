"""Off-targets in the genome, and known variants under the oligos."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from breakpoint_pcr.insilico.alignment import LINE_SEPARATOR
from breakpoint_pcr.report.primers import LEVELS, checked, searched
from breakpoint_pcr.report.wording import Words
from breakpoint_pcr.tables import Level
from breakpoint_pcr.verification import blocks
from breakpoint_pcr.verification.blocks import Block, cell, columns
from breakpoint_pcr.verification.summary import state
from breakpoint_pcr.verification.wording import listed, paragraph

Panel = Mapping[str, Any]
Row = Mapping[str, Any]
SITES_SHOWN, PRODUCTS_SHOWN, VARIANTS_SHOWN = 10, 20, 30


def off_target_blocks(panel: Panel, words: Words) -> list[Block]:
    """Return what the search of the genome found, or that there was none."""
    lead = _sentence(state(panel, "off_targets", words), words)
    if genome := searched(panel):
        return [blocks.text(lead), *_found(genome, words)]
    return [blocks.text(paragraph((lead, words.say("no_genome")), words))]


def _sentence(said: str, words: Words) -> str:
    return words.say("stated", said=f"{said[:1].upper()}{said[1:]}")


def _found(genome: Row, words: Words) -> Iterator[Block]:
    if counts := genome.get("site_counts"):
        yield _counts(counts, words)
    if "products" in genome:
        yield from _products(genome["products"] or [], genome.get("product_count") or 0, words)
    if sites := [s for s in genome.get("sites") or [] if not s["target"]]:
        yield _sites(sites, words)


def _counts(counts: Sequence[Row], words: Words) -> Block:
    edits = sorted({int(n) for row in counts for n in row["edits"]})
    heads = columns(words, "oligo:30", ">own_sites:26")
    heads += [blocks.Column(words.say("with_edits", count=n), 22, "right") for n in edits]
    rows = [
        [
            cell((row["primer"], "strong")),
            words.count(row["target"]),
            *(words.count(row["edits"].get(str(n), 0)) for n in edits),
        ]
        for row in counts
    ]
    return blocks.table(words.word("headings", "genome_counts"), heads, rows)


def _products(products: Sequence[Row], total: int, words: Words) -> Iterator[Block]:
    """Yield the products; `total` is how many there are, when panel.json holds only some."""
    odd = [row for row in products if not row["target"]]
    within = [row for row in odd if row["assays"]]
    missing = max(0, total - len(products))
    counts = {"total": _count(odd, missing, words), "within": _count(within, missing, words)}
    yield blocks.text(words.say("genome_products", **counts))
    if not odd:
        return
    heads = columns(
        words, "place:46", ">size:14", "plus:20", "minus:20", "facing:13", ">edits:12", "assays:40"
    )
    shown = sorted(odd, key=_harm)[:PRODUCTS_SHOWN]
    cells = [
        [
            _place(row, words),
            words.count(row["size"]),
            row["plus"],
            row["minus"],
            row["facing"],
            str(row["edits"]),
            cell((listed(row["assays"], words), "strong" if row["assays"] else "muted")),
        ]
        for row in shown
    ]
    yield blocks.table("", heads, cells, note=_left_out(len(odd) + missing, len(shown), words))


def _count(rows: Sequence[Row], missing: int, words: Words) -> str:
    said = words.count(len(rows))
    return words.say("at_least", size=said) if missing else said


def _harm(row: Row) -> tuple[bool, int, int, str, int]:
    """Order products: those of a reaction first, then the fewest edits, then the shortest."""
    return not row["assays"], row["edits"], row["size"], row["record"], row["start"]


def _sites(sites: Sequence[Row], words: Words) -> Block:
    heads = columns(words, "oligo:18", "place:46", ">edits:12", "verdict:16", "alignment:60")
    shown = sorted(sites, key=lambda s: (s["edits"], s["gaps"], s["primer"], s["record"]))
    shown = shown[:SITES_SHOWN]
    cells = [
        [
            cell((row["primer"], "strong")),
            f"{_place(row, words)} {_strand(row)}",
            str(row["edits"]),
            cell(
                (words.word("panel_verdicts", row["verdict"]), LEVELS.get(row["verdict"], "warn"))
            ),
            cell(*((line, "mono") for line in row["alignment"].split(LINE_SEPARATOR))),
        ]
        for row in shown
    ]
    title = words.word("headings", "genome_sites")
    return blocks.table(title, heads, cells, note=_left_out(len(sites), len(shown), words))


def _place(row: Row, words: Words) -> str:
    return f"{row['record']}:{words.count(row['start'] + 1)}–{words.count(row['end'])}"


def _strand(row: Row) -> str:
    return "(−)" if row["strand"] == "-" else "(+)"


def _left_out(total: int, shown: int, words: Words) -> str:
    more = total - shown
    return words.say("rows_left_out", count=words.count(more)) if more else ""


def variant_blocks(panel: Panel, words: Words) -> list[Block]:
    """Return the known variants under the oligos, or that none were looked up."""
    said = [_sentence(state(panel, "variants", words), words)]
    rows = checked(panel)
    least = panel.get("variant_frequency_min")
    if rows is not None and least is not None:
        said.append(words.say("variant_limit", frequency=words.plain(least)))
    if rows is None:
        said.append(words.say("no_vcf"))
    if rows == []:
        said.append(words.say("no_variants"))
    lead = blocks.text(paragraph(said, words))
    return [lead, _variants(rows, words)] if rows else [lead]


def _variants(rows: Iterable[Row], words: Words) -> Block:
    ordered = sorted(rows, key=lambda r: (r["level"] != Level.WARNING, r["place"], r["primer"]))
    warned = sum(row["level"] == Level.WARNING for row in ordered)
    shown = ordered[: max(warned, VARIANTS_SHOWN)]
    heads = columns(
        words,
        *("oligo:18", "variant:50", "identifier:28", ">frequency:18", "population:22"),
        *(">place_3:20", "level:22"),
    )
    cells = [
        [
            cell((row["primer"], "strong")),
            _variant(row, words),
            row["identifier"] or words.missing,
            words.missing if row["frequency"] is None else words.plain(row["frequency"]),
            row.get("population") or words.missing,
            str(row["place"]),
            cell((words.word("levels", row["level"]), _look(row["level"]))),
        ]
        for row in shown
    ]
    return blocks.table("", heads, cells, note=_left_out(len(ordered), len(shown), words))


def _variant(row: Row, words: Words) -> str:
    place = f"{row['chromosome']}:{words.count(row['position'])}"
    return f"{place} {row['reference']}>{row['alternative']}"


def _look(level: str) -> str:
    return "warn" if level == Level.WARNING else "info"
