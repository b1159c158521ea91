"""A reference folder made from a laboratory's own FASTA.

Exons and breakpoints come from tables, or from another reference folder, whose bases are found on
the new sequence.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

from breakpoint_pcr.errors import ConfigError, LocusError
from breakpoint_pcr.insilico.nucleotides import UNKNOWN
from breakpoint_pcr.making.folders import table_text, write_folder
from breakpoint_pcr.making.lifting import lift_breakpoints, lift_exons
from breakpoint_pcr.making.regions import cut, region_of, whole_record
from breakpoint_pcr.reference import (
    BREAKPOINT_COLUMNS,
    EXON_COLUMNS,
    Breakpoint,
    Exon,
    Locus,
    Record,
    breakpoints_of,
    exons_of,
    load_reference,
)
from breakpoint_pcr.resources import Row, rows_of

LOCUS = "locus"
LINE_NT = 60
# What the folder says of itself; those of LIFTED may come from the other reference.
FACTS = ("gene", "assembly", "accession", "transcript", "numbering", "source")
LIFTED = ("gene", "transcript", "numbering")


@dataclass(frozen=True, slots=True)
class ReferenceOrder:
    """What a reference is made of.

    `region` and `start` exclude each other; `start` is the 1-based position of the first base of
    the only record. `like` is another reference folder; tables win over it.
    """

    fasta: Path
    region: str | None
    chromosome: str | None
    start: int | None
    like: Path | None
    exons: Path | None
    breakpoints: Path | None
    facts: Mapping[str, str | None]


def make_reference(order: ReferenceOrder, out: Path) -> tuple[str, ...]:
    """Write a reference folder, and return what was made, a line for each thing.

    Raises:
        ConfigError: Something is not said, or the folder exists.
        LocusError: The sequence or a table cannot serve, or something cannot be placed.
    """
    model = load_reference(order.like) if order.like else None
    facts = _facts(order, model)
    locus = _record(order, facts["source"], model)
    exons = _exons(order, model, locus)
    breakpoints, records = _breakpoints(order, model, exons, locus)
    files = {
        **{f"{record.name}.fa": _fasta(record) for record in records},
        "exons.tsv": _exon_table(exons, locus),
        "breakpoints.tsv": _breakpoint_table(breakpoints, records),
    }
    sums = {name: sha256(content).hexdigest() for name, content in files.items()}
    info = _info(order, facts, records, sums)
    write_folder(out, info, files, check=load_reference)
    return tuple(_lines(load_reference(out), model))


def _facts(order: ReferenceOrder, model: Locus | None) -> dict[str, str]:
    facts = {name: order.facts.get(name) or "" for name in FACTS}
    if model:
        facts |= {name: facts[name] or str(getattr(model, name)) for name in LIFTED}
    if missing := [name for name in FACTS if not facts[name].strip()]:
        also = ", or --like a reference that says it" if missing[0] in LIFTED else ""
        raise ConfigError(f"--{missing[0]} is missing; give it{also}")
    return facts


def _record(order: ReferenceOrder, source: str, model: Locus | None) -> Record:
    """Read the locus."""
    if (order.region is None) == (order.start is None):
        raise ConfigError(
            "expected either --region (a part of the FASTA) or --start (the position of the first "
            "base of its only record; 1 for coordinates of its own); give one of them"
        )
    if order.region is not None:
        region = region_of(order.region)
        name, start, sequence = region.record, region.first, cut(order.fasta, region)
    else:
        start = order.start or 0
        name, sequence = whole_record(order.fasta)
    if start < 1:
        raise ConfigError(f"--start is {start}; expected a position from 1 on")
    called = model.records[0].name if model else LOCUS
    return Record(called, sequence, order.chromosome or name, start, source, "")


def _exons(order: ReferenceOrder, model: Locus | None, locus: Record) -> tuple[Exon, ...]:
    if order.exons:
        return exons_of(_rows(order.exons, EXON_COLUMNS), locus)
    if model:
        return lift_exons(model, locus.sequence)
    raise ConfigError("--exons is missing; give a table, or --like another reference")


def _breakpoints(
    order: ReferenceOrder, model: Locus | None, exons: Sequence[Exon], locus: Record
) -> tuple[tuple[Breakpoint, ...], tuple[Record, ...]]:
    """Return the breakpoints, and the locus with the records beyond it."""
    beyond = model.records[1:] if model else ()
    if order.breakpoints:
        records = (locus, *beyond)
        return breakpoints_of(_rows(order.breakpoints, BREAKPOINT_COLUMNS), records), records
    if model:
        found, inside = lift_breakpoints(model, locus.sequence, exons)
        return found, (locus, *(record for record in beyond if record.name not in inside))
    raise ConfigError("--breakpoints is missing; give a table, or --like another reference")


def _rows(path: Path, columns: Sequence[str]) -> list[Row]:
    if not path.is_file():
        raise LocusError(f"{path}: file missing; expected a table with {', '.join(columns)}")
    return rows_of(path, path.read_bytes(), columns, error=LocusError)


def _fasta(record: Record) -> bytes:
    first = record.chromosome_start
    place = f"{record.chromosome}:{first}-{first + len(record.sequence) - 1}" if first else ""
    header = " ".join(filter(None, (f">{record.name}", place)))
    starts = range(0, len(record.sequence), LINE_NT)
    lines = (record.sequence[start : start + LINE_NT] for start in starts)
    return "\n".join((header, *lines, "")).encode()


def _exon_table(exons: Sequence[Exon], locus: Record) -> bytes:
    rows = [(e.number, locus.position(e.start), locus.position(e.end - 1)) for e in exons]
    return table_text(EXON_COLUMNS, rows)


def _breakpoint_table(breakpoints: Sequence[Breakpoint], records: Sequence[Record]) -> bytes:
    starts = {record.name: record.chromosome_start or 1 for record in records}
    rows = [
        (
            b.form,
            records[0].position(b.left_end - 1),
            b.inserted_nt,
            b.right_record,
            starts[b.right_record] + b.right_start,
            b.evidence,
        )
        for b in breakpoints
    ]
    return table_text(BREAKPOINT_COLUMNS, rows)


def _info(
    order: ReferenceOrder,
    facts: Mapping[str, str],
    records: Sequence[Record],
    sums: Mapping[str, str],
) -> dict[str, Any]:
    """Return the content of info.yaml."""
    made_from = {"fasta": order.fasta.name, "region": order.region or "the only record"}
    if order.like:
        made_from["lifted_from"] = order.like.resolve().name
    return {
        **{name: facts[name] for name in ("gene", "assembly")},
        "sequence_accession": facts["accession"],
        **{name: facts[name] for name in ("transcript", "numbering")},
        "made_from": made_from,
        **{
            name: {"file": f"{name}.tsv", "sha256": sums[f"{name}.tsv"]}
            for name in ("exons", "breakpoints")
        },
        "records": [
            {
                "name": record.name,
                "file": f"{record.name}.fa",
                "sha256": sums[f"{record.name}.fa"],
                "chromosome": record.chromosome,
                "start": record.chromosome_start,
                "strand": "+",
                "source": record.source,
            }
            for record in records
        ],
    }


def _lines(made: Locus, model: Locus | None) -> Iterator[str]:
    """Say what is in the folder, and what became of the other reference."""
    locus = made.records[0]
    ends = locus.position(0), locus.position(len(locus.sequence) - 1)
    unknown = locus.sequence.count(UNKNOWN)
    yield (
        f"{locus.name}: {locus.chromosome}:{ends[0]:,}-{ends[1]:,}, {len(locus.sequence):,} bases, "
        f"{unknown:,} of them N"
    )
    yield f"exons {', '.join(str(exon.number) for exon in made.exons)}"
    yield f"{len(made.breakpoints)} breakpoints"
    for record in made.records[1:]:
        yield f"{record.name}: kept as a record beyond the locus"
    if model:
        yield from _changes(made, model)


def _changes(made: Locus, model: Locus) -> Iterator[str]:
    """Compare the exons of two references: their shift, and their bases."""
    old, new = model.records[0], made.records[0]
    known = {exon.number: exon for exon in model.exons}
    both = [(known[exon.number], exon) for exon in made.exons if exon.number in known]
    shifts = [
        ((new.position(two.start) or 0) - (old.position(one.start) or 0), two.number)
        for one, two in both
    ]
    for moved, group in groupby(shifts, key=itemgetter(0)):
        numbers = [number for _, number in group]
        yield f"exons {numbers[0]} to {numbers[-1]} moved by {moved:+,} bases"
    for one, two in both:
        if old.sequence[one.start : one.end] != new.sequence[two.start : two.end]:
            yield f"exon {two.number}: its bases differ from those of {model.assembly}; look at it"
