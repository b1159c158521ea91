"""Plates for the tests of calling: a few letters a sample, and everything else in order.

A sample is six letters, one for each pair of PAIRS: `+` positive, `-` negative, `?` review,
`x` omitted, `.` not run. Products are written out by hand from the sequenced junctions.
"""

from dataclasses import replace
from itertools import count
from pathlib import Path

from breakpoint_pcr.calling.calling import call_wells
from breakpoint_pcr.calling.judging import Method
from breakpoint_pcr.calling.settings import CallSettings
from breakpoint_pcr.calling.wells import Shape, judge_well
from breakpoint_pcr.config import read_yaml
from breakpoint_pcr.explanation import alleles_of
from breakpoint_pcr.panel import Assay, AssayKind, load_panel
from breakpoint_pcr.runs import RunRecord, SheetEntry, Status
from breakpoint_pcr.tables import Amplifies, CurveClass, CurveKind, Product, Reaction, Role, State

PANEL = load_panel(Path("resources/primers/ikzf1"))
PAIRS = ("F.2a/R-7", "F.2b/R-7", "F.4/R-7", "F.2a/R-8", "F.2b/R-8", "F.4/R-8")
POOLED = replace(
    PANEL,
    assays=(
        Assay(
            "F.2a+F.2b/R-7",
            AssayKind.BREAKPOINT,
            PANEL.assay("F.2a/R-7").pairs + PANEL.assay("F.2b/R-7").pairs,
            (),
        ),
        PANEL.assay("F.4/R-7"),
        Assay(
            "all/R-8",
            AssayKind.BREAKPOINT,
            tuple(pair for name in PAIRS[3:] for pair in PANEL.assay(name).pairs),
            (),
        ),
        PANEL.assay("ALB"),
    ),
)
POOLED_PAIRS = ("F.2a+F.2b/R-7", "F.4/R-7", "all/R-8")
CLASSES = dict(zip(PAIRS, ["Δ2-7", "Δ2-7", "Δ4-7", "Δ2-8", "Δ2-8", "Δ4-8"], strict=True))
STANDARD, DOUBTFUL, FLAT, NO_CURVE = CurveClass
POS, NEG, REV = (27.0, STANDARD), (None, FLAT), (30.0, DOUBTFUL)
OMITTED = (None, NO_CURVE, State.OMITTED)
READINGS = {"+": POS, "-": NEG, "?": REV, "x": OMITTED}

SIGNATURES = {
    "Δ4-7": {"F.4/R-7": (163, 184, "must")},
    "Δ2-7": {"F.2a/R-7": (227, 236, "must"), "F.2b/R-7": (593, 602, "may")},
    "Δ2-7 left variant": {"F.2b/R-7": (173, 208, "must")},
    "Δ4-8": {"F.4/R-8": (144, 149, "must")},
    "Δ4-8 second right": {"F.4/R-8": (711, 711, "may")},
    "Δ2-8": {"F.2a/R-8": (183, 204, "must"), "F.2b/R-8": (549, 570, "may")},
    "Δ2-8 left variant": {"F.2b/R-8": (176, 176, "must")},
}

CALLING = {
    "ct_limit": 36,
    "require_curve": True,
    "grey_zone": None,
    "near_cutoff": 1,
    "ct_difference_max": 1,
    "accept_crt": False,
}
CONTROLS = {
    "ntc": {"required": True},
    "positive": {"required": True, "per": "assay"},
    "wild_type": {"required": True},
    "control_gene": {
        "required": True,
        "ct_max": 28,
        "ntc_delta_ct": 10,
        "delay_max": None,
        "delay_others_min": 4,
    },
}
REPLICATES = {"rule": "agree", "ct_spread_max": 1.5}
CURVES = read_yaml(Path("config/config.yaml"))["curves"]


def products(panel=PANEL):
    """products.tsv of the signatures for the assays of a panel."""
    return [
        Product(
            name,
            name.split(" ")[0],
            assay.name,
            pair.forward.name,
            pair.reverse.name,
            *SIGNATURES[name].get(pair.name, (None, None, "none"))[:2],
            Amplifies(SIGNATURES[name].get(pair.name, (0, 0, "none"))[2]),
        )
        for name in SIGNATURES
        for assay in panel.breakpoint_assays
        for pair in assay.pairs
    ]


def settings(calling=None, controls=None, replicates=None):
    return CallSettings.from_config(
        calling=CALLING | (calling or {}),
        curves=CURVES,
        controls=CONTROLS | (controls or {}),
        replicates=REPLICATES | (replicates or {}),
    )


def reaction(assay="F.4/R-7", ct=None, state=None, **values):
    known = {
        "run": "run",
        "file": "export.txt",
        "well": "A1",
        "sample": "S",
        "assay": assay,
        "target": assay,
        "dye": "FAM",
        "role": Role.UNKNOWN,
        "state": state or (State.UNDETERMINED if ct is None else State.OK),
        "ct": ct,
        "ct_text": "Undetermined" if ct is None else str(ct),
        "threshold": 0.2,
        "baseline_start": 3,
        "baseline_end": 15,
        "curve_kind": CurveKind.DELTA_RN,
        "n_cycles": 40,
        "input_ng": None,
    }
    return Reaction(**(known | values))


def entry(sample, assay, reading, role=Role.UNKNOWN, at=None):
    """One reaction: (sample, assay, reading, role, well or None for the next free one)."""
    return (sample, assay, reading, role, at)


def sample(name, letters, alb=(22.0, STANDARD), role=Role.UNKNOWN, pairs=PAIRS):
    found = [
        entry(name, pair, READINGS[letter], role)
        for pair, letter in zip(pairs, letters, strict=True)
        if letter != "."
    ]
    return [*found, entry(name, "ALB", alb, role)] if alb else found


def ntc(letters="------", alb=NEG, pairs=PAIRS):
    return sample("NTC", letters, alb, Role.NTC, pairs)


def wild_type(letters="------", alb=(22.0, STANDARD), pairs=PAIRS):
    return sample("WT", letters, alb, Role.NEGATIVE_CONTROL, pairs)


def positive(letters="++++++", alb=(22.0, STANDARD), pairs=PAIRS, name="PC"):
    return sample(name, letters, alb, Role.POSITIVE_CONTROL, pairs)


def controls(pairs=PAIRS):
    size = len(pairs)
    return [
        *ntc("-" * size, pairs=pairs),
        *wild_type("-" * size, pairs=pairs),
        *positive("+" * size, pairs=pairs),
    ]


def judged(entries, limits=None, inputs=None):
    """Judge the reactions, each in a well of its own unless it says where; `inputs` in ng."""
    free = (f"{row}{column}" for column in count(1) for row in "ABCDEFGHIJKLMNOP")
    rules = (limits or settings()).wells
    wells = []
    for name, assay, reading, role, at in entries:
        ct, curve, *state = reading
        place, ng = at or next(free), (inputs or {}).get(name)
        made = reaction(assay, ct, *state, sample=name, role=role, well=place, input_ng=ng)
        reasons = ("weak",) if curve is DOUBTFUL else ("no rise",) if curve is FLAT else ()
        shape = Shape(curve, reasons, ct if curve is STANDARD else None, 40)
        wells.append(judge_well(made, shape, rules=rules, crt=False))
    return wells


def call(
    *entries,
    sheet=(),
    overrides=(),
    panel=PANEL,
    unconfirmed=(),
    limits=None,
    noticed=(),
    inputs=None,
):
    """Call the entries; a list among them (a sample, a control) stands for its members."""
    flat = [e for group in entries for e in (group if isinstance(group, list) else [group])]
    limits = limits or settings()
    record = RunRecord(
        "run", Status.READ, sheet=tuple(sheet), overrides=tuple(overrides), noticed=tuple(noticed)
    )
    rows = products(panel)
    names = frozenset(unconfirmed)
    method = Method(panel, rows, alleles_of(rows), limits, names)
    return call_wells(record, judged(flat, limits, inputs), method=method)


def expects(name, contents, entries):
    """Sheet lines that say what a positive control contains, for wells as `judged` places them."""
    wells = judged(entries)
    places = [w.reaction.well for w in wells if w.reaction.sample == name]
    return [SheetEntry(well, sample=name, expected=tuple(contents)) for well in places]


def calls(result):
    return {row.sample: row.call for row in result.samples}


def the(result, name="S"):
    return next(row for row in result.samples if row.sample == name)


def codes(result, scope=None):
    return {f.code for f in result.findings if scope in (None, f.scope)}
