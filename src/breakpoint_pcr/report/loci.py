"""Maps of the locus: what is drawn where, in millimetres along the width of the text.

Positions here are those that people read: 1-based, on the chromosome for a record whose place is
known, else on the record itself.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

from breakpoint_pcr.report.wording import Words

LEFT, WIDTH = 16.0, 162.0  # where the axis begins, and its length
RECORD_GAP, RECORD_WIDTH = 5.0, 15.0  # of a record that lies beyond the first
EXON_MIN, ARROW = 0.7, 2.6
PRIMER_LETTERS, ALLELE_LETTERS = 26, 44  # of a name in a figure; tables hold it whole
CUT = "…"
ALLELES_DRAWN = 30  # bars that a page has room for
LETTER, SMALL_LETTER = 1.25, 1.05  # width of a letter in labels, and inside a bar


@dataclass(frozen=True, slots=True)
class Stretch:
    """A piece of a record between two positions, drawn from `x` on, `per_nt` millimetres a base."""

    record: str
    first: int
    last: int
    x: float
    per_nt: float

    @property
    def width(self) -> float:
        """Length on paper."""
        return (self.last - self.first + 1) * self.per_nt

    def at(self, position: float) -> float:
        """Return where a position lies, on paper."""
        inside = min(max(position, self.first), self.last + 1)
        return round(self.x + (inside - self.first) * self.per_nt, 2)


@dataclass(frozen=True, slots=True)
class Place:
    """A primer's best site: 1-based, closed."""

    primer: str
    record: str
    first: int
    last: int
    strand: str
    exact: bool
    region: str


@dataclass(frozen=True, slots=True)
class Map:
    """The records of a reference side by side, to scale within each."""

    stretches: tuple[Stretch, ...]

    def at(self, record: str, position: float) -> float:
        """Return where a position of a record lies, on paper."""
        return next(s for s in self.stretches if s.record == record).at(position)

    @property
    def end(self) -> float:
        """Where the last record ends, on paper."""
        last = self.stretches[-1]
        return round(last.x + last.width, 2)


def first_position(record: Mapping[str, Any]) -> int:
    """Return the position of a record's first base."""
    return record["start"] or 1


def site_place(site: Mapping[str, Any], panel: Mapping[str, Any], primer: str) -> Place:
    """Return the place of a site of panel.json."""
    record = next(r for r in panel["reference"]["records"] if r["name"] == site["record"])
    offset = first_position(record)
    return Place(
        primer,
        record["name"],
        offset + site["start"],
        offset + site["end"] - 1,
        site["strand"],
        not site["edits"],
        site["region"],
    )


def best_places(panel: Mapping[str, Any]) -> list[Place]:
    """Return the best site of each primer that has one, in panel order."""
    return [
        site_place(min(p["sites"], key=lambda s: (s["edits"], s["gaps"])), panel, p["name"])
        for p in panel["primers"]
        if p["sites"]
    ]


def map_of(records: Sequence[Mapping[str, Any]]) -> Map:
    """Lay the records side by side; the first takes what the others leave."""
    main = WIDTH - (RECORD_GAP + RECORD_WIDTH) * (len(records) - 1)
    found: list[Stretch] = []
    x = LEFT
    for index, record in enumerate(records):
        width = main if index == 0 else RECORD_WIDTH
        first = first_position(record)
        last = first + record["length"] - 1
        found.append(Stretch(record["name"], first, last, x, width / record["length"]))
        x += width + RECORD_GAP
    return Map(tuple(found))


def locus_map(panel: Mapping[str, Any], words: Words) -> dict[str, Any]:
    """Return the map of the locus: axis, exons, primers and the lost segment of each allele."""
    reference = panel["reference"]
    map_ = map_of(reference["records"])
    places = best_places(panel)
    return {
        "gene": reference["gene"],
        "stretches": [{"x": s.x, "width": round(s.width, 2)} for s in map_.stretches],
        "ticks": _ticks(map_.stretches[0], words),
        "exons": _exons(reference["exons"], map_, ()),
        "primers": _arrows(places, map_),
        "alleles": [_allele(allele, map_, words) for allele in panel["alleles"][:ALLELES_DRAWN]],
        "note": _note(reference, len(panel["alleles"]), words),
        "alt": words.say(
            "locus_alt",
            gene=reference["gene"],
            exons=words.joined(str(e["number"]) for e in reference["exons"]),
            primers=words.joined(place.primer for place in places),
            alleles=words.joined(a["allele"] for a in panel["alleles"]),
        ),
    }


def _note(reference: Mapping[str, Any], alleles: int, words: Words) -> str:
    main, *others = reference["records"]
    last = first_position(main) + main["length"] - 1
    note = words.say(
        "locus_note",
        assembly=reference["assembly"],
        chromosome=main["chromosome"],
        start=words.count(first_position(main)),
        end=words.count(last),
        accession=reference["accession"],
        transcript=reference["transcript"],
    )
    if others:
        note += " " + words.say("locus_beyond", records=words.joined(r["name"] for r in others))
    if alleles > ALLELES_DRAWN:
        note += " " + words.say("locus_more", count=alleles - ALLELES_DRAWN)
    return note


def _ticks(stretch: Stretch, words: Words) -> list[dict[str, Any]]:
    span = stretch.last - stretch.first
    size = 10 ** (len(str(span)) - 1)
    step = next(s for s in (size // 5, size // 2, size, 2 * size) if s and span / s <= 8)  # noqa: PLR2004
    first = ceil(stretch.first / step) * step
    return [
        {"x": stretch.at(p), "label": words.count(p)} for p in range(first, stretch.last + 1, step)
    ]


def _exons(
    exons: Iterable[Mapping[str, Any]], map_: Map, lost: Sequence[int]
) -> list[dict[str, Any]]:
    record = map_.stretches[0].record
    boxes: list[dict[str, Any]] = []
    labelled = 0.0  # up to where labels stand
    for exon in exons:
        x, end = map_.at(record, exon["start"]), map_.at(record, exon["end"] + 1)
        width = round(max(end - x, EXON_MIN), 2)
        number = str(exon["number"])
        middle, half = x + width / 2, LETTER * len(number) / 2
        fits = middle - half >= labelled
        labelled = middle + half if fits else labelled
        lost_ = exon["number"] in lost
        boxes.append({"label": number if fits else "", "x": x, "width": width, "lost": lost_})
    return boxes


def short_name(name: str, letters: int) -> str:
    """Cut a name that has no room in a figure."""
    return name if len(name) <= letters else name[: letters - 1] + CUT


def _arrows(places: Sequence[Place], map_: Map) -> list[dict[str, Any]]:
    tips = [_tip(p, map_) for p in places]
    names = [short_name(place.primer, PRIMER_LETTERS) for place in places]
    levels = label_levels(list(zip(tips, names, strict=True)))
    return [
        {"label": name, "x": x, "strand": p.strand, "exact": p.exact, "level": level}
        for p, name, x, level in zip(places, names, tips, levels, strict=True)
    ]


def _tip(place: Place, map_: Map) -> float:
    """Return where an arrow ends, its whole length on the paper."""
    if place.strand == "+":
        return max(map_.at(place.record, place.last), ARROW)
    return min(map_.at(place.record, place.first), LEFT + WIDTH - ARROW)


def label_levels(labels: Sequence[tuple[float, str]]) -> list[int]:
    """Return a line for each label centred at x, so that none covers another."""
    ends: list[float] = []
    found = [0] * len(labels)
    for index in sorted(range(len(labels)), key=lambda i: labels[i][0]):
        x, text = labels[index]
        half = (len(text) * LETTER) / 2 + 0.6
        level = next((n for n, end in enumerate(ends) if end <= x - half), len(ends))
        ends[level:] = [x + half, *ends[level + 1 :]]
        found[index] = level
    return found


def _allele(allele: Mapping[str, Any], map_: Map, words: Words) -> dict[str, Any]:
    main = map_.stretches[0].record
    left = (allele["left_min"], allele["left_max"])
    right = (allele["right_min"], allele["right_max"])
    known = allele["right_record"] == main
    short = f"{words.number((right[0] - left[1] - 1) / 1000, 1)} kb" if known else ""
    text = f"{_range(left, words)} / {_range(right, words)}  ({short})"
    text = text if known else f"{_range(left, words)} / ?"
    starts = [map_.at(main, position + 1) for position in left]
    ends = [map_.at(allele["right_record"], position) for position in right]
    label = short_name(allele["allele"], ALLELE_LETTERS)
    if len(label) * LETTER > starts[0] - 1:
        label, text, short = "", f"{label}  {text}", f"{label}  {short}"
    room = ends[0] - starts[1]
    return {
        "label": label,
        "x": starts[0],
        "sure": starts[1],
        "sure_end": ends[0],
        "end": ends[1],
        "text": next((t for t in (text, short) if len(t) * SMALL_LETTER < room), ""),
    }


def _range(pair: tuple[int, int], words: Words) -> str:
    low, high = (words.count(position) for position in pair)
    return low if low == high else f"{low}–{high}"


@dataclass(frozen=True, slots=True)
class Bounds:
    """What is known of a lost segment that was not sequenced, 1-based on the chromosome.

    The left end lies in `left`, the right end in `right`; a missing second position of `right` lies
    beyond the first record.
    """

    deletion: str
    exons: tuple[int, int]
    left: tuple[int, int]
    right: tuple[int, int | None]

    def description(self, accession: str) -> str:
        """Return the HGVS description with uncertain ends."""
        end = "?" if self.right[1] is None else str(self.right[1])
        return f"{accession}:g.({self.left[0]}_{self.left[1]})_({self.right[0]}_{end})del"


def segment_map(panel: Mapping[str, Any], bounds: Sequence[Bounds], words: Words) -> dict[str, Any]:
    """Return the map of a sample: the exons that are lost, and where the two ends may lie."""
    reference = panel["reference"]
    map_ = map_of(reference["records"])
    main = map_.stretches[0].record
    lost = sorted({n for b in bounds for n in range(b.exons[0], b.exons[1] + 1)})
    said = words.joined(words.say("segment_one", deletion=b.deletion) for b in bounds)
    return {
        "gene": reference["gene"],
        "stretches": [{"x": s.x, "width": round(s.width, 2)} for s in map_.stretches],
        "exons": _exons(reference["exons"], map_, lost),
        "bars": [
            {
                "label": b.deletion,
                "x": map_.at(main, b.left[0] + 1),
                "sure": map_.at(main, b.left[1]),
                "sure_end": map_.at(main, b.right[0] + 1),
                "end": map_.end if b.right[1] is None else map_.at(main, b.right[1]),
            }
            for b in bounds
        ],
        "alt": words.say("segment_alt", gene=reference["gene"], segments=said or words.missing),
    }
