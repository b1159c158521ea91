"""Run folders built by hand, as calling leaves them, for the tests of the summary."""

from dataclasses import fields

from breakpoint_pcr.panel import Assay, AssayKind, OligoKind, Pair, Panel, Primer
from breakpoint_pcr.runs import write_record
from breakpoint_pcr.tables import (
    Clone,
    Curve,
    CurveClass,
    CurveKind,
    Feature,
    Finding,
    LevelMethod,
    Outcome,
    Reaction,
    Sample,
    SampleLevel,
    State,
    Well,
    write_curves,
    write_table,
)

HOSTILE = [
    "<script>alert(1)</script>",
    "</script><img src=x onerror=alert(1)>",
    "a\"b'c&amp;<b>",
    "\u202eevil\u2066 اسم",
    "n" * 200,
    "=cmd()",
    "{{data}} ${x} %s",
    "<!-- <script>",
]


def primer(name, strand, exon):
    return Primer(name, OligoKind.PRIMER, "ACGT", strand, exon, "")


def made_up_panel():
    left, middle, right = primer("L", "+", 2), primer("M", "+", 3), primer("R", "-", 5)
    assays = (
        Assay("L/R", AssayKind.BREAKPOINT, (Pair(left, right),), ()),
        Assay("M/R", AssayKind.BREAKPOINT, (Pair(middle, right),), ()),
        Assay("REF", AssayKind.CONTROL_GENE, (), ()),
    )
    primers = (left, middle, right)
    return Panel("toy", "1", "Toy panel", "", primers, assays, (), (), "0" * 64)


def sample(run, name, call, *, cts=None, flags=(), deletions=(), candidates=(), reason=""):
    return Sample(run, name, call, deletions, candidates, "", flags, reason, cts or {})


def well(run, place, name, assay, role, ct, outcome=Outcome.POSITIVE):  # noqa: PLR0917
    curve = CurveClass.NONE if ct is None else CurveClass.STANDARD
    state = State.UNDETERMINED if ct is None else State.OK
    return Well(run, place, name, assay, role, state, ct, str(ct), ct, curve, (), outcome, "")


def level(run, name, deletion, detected, **values):
    empty = {field.name: None for field in fields(SampleLevel)}
    texts = {"assay": "L/R", "method": LevelMethod.NONE, "clone": Clone.UNKNOWN}
    said = {"statement": f"{deletion} in {name}", "reason": ""}
    keys = {"run": run, "sample": name, "deletion": deletion, "detected": detected}
    return SampleLevel(**{**empty, **texts, **said, **keys, **values})


def reaction(one, kind=CurveKind.DELTA_RN, cycles=0):
    """A reaction as the export would have it, for a well that was judged."""
    kind = kind if cycles else CurveKind.NONE
    given = {field.name: None for field in fields(Reaction)}
    texts = {"file": "export", "target": one.assay, "dye": "FAM", "threshold": 0.2}
    same = ("run", "well", "sample", "assay", "role", "state", "ct", "ct_text")
    said = {name: getattr(one, name) for name in same}
    return Reaction(**{**given, **texts, **said, "curve_kind": kind, "n_cycles": cycles or None})


def write_traces(folder, wells, curves=(), *, kind=CurveKind.DELTA_RN, baselines=()):
    """reactions.tsv, curves.tsv, features.tsv; curves and baselines in the order of the wells."""
    values = [*curves, *[()] * (len(wells) - len(curves))]
    both = list(zip(wells, values, strict=True))
    reactions = [reaction(one, kind, len(points)) for one, points in both]
    write_table(folder / "reactions.tsv", Reaction, reactions)
    drawn = [Curve(w.run, w.well, w.assay, tuple(points)) for w, points in both if points]
    write_curves(folder / "curves.tsv", drawn)
    names = ("baseline_intercept", "baseline_slope")
    rows = [
        Feature(w.run, w.well, w.assay, dict(zip(names, map(str, line), strict=True)))
        for w, line in zip(wells, baselines, strict=False)
    ]
    write_table(folder / "features.tsv", Feature, rows, names)


def write_run(
    base, record, *, wells=(), samples=(), levels=(), findings=(), assays=("L/R", "M/R", "REF")
):
    folder = base / "runs" / record.run
    folder.mkdir(parents=True)
    write_record(folder / "run.json", record)
    write_table(folder / "wells.tsv", Well, wells)
    write_table(folder / "samples.tsv", Sample, samples, assays)
    write_table(folder / "levels.tsv", SampleLevel, levels)
    write_table(folder / "findings.tsv", Finding, findings)
    write_traces(folder, wells)
    return folder
