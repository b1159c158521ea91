"""A hand-made run for the tests of the report: small tables with every kind of call."""

from dataclasses import replace
from math import exp, log
from pathlib import Path

from breakpoint_pcr.report.source import ReportSource
from breakpoint_pcr.runs import FileKind, Override, RunFile, RunRecord, SheetEntry, Status
from breakpoint_pcr.tables import (
    Clone,
    Curve,
    CurveClass,
    CurveKind,
    Detected,
    Feature,
    Finding,
    Level,
    LevelMethod,
    Outcome,
    Quantity,
    Reaction,
    Role,
    Sample,
    SampleLevel,
    StandardCurve,
    State,
    Well,
)

RUN = "2024-03-01_plate-7"
THRESHOLD = 0.2
CYCLES = 40
LIMIT = 33
SETTINGS = {
    "calling": {"ct_limit": LIMIT, "require_curve": True, "grey_zone": None, "near_cutoff": 1},
    "curves": {"slope_snr_min": 8, "width_max": 8},
    "controls": {"ntc": {"required": True}, "control_gene": {"required": True, "ct_max": 28}},
    "replicates": {"rule": "agree", "ct_spread_max": 1.5},
    "level": {
        "pg_per_genome": 6.6,
        "confidence": 0.95,
        "slope_min": -3.9,
        "slope_max": -3.1,
        "clonal_min": 0.3,
        "lod": [{"assay": "L.3/R-5", "copies": 12, "by": "A. Reviewer", "date": "2024-02-01"}],
        "mrd_negative": None,
    },
}
ASSAYS = ["L.3/R-5", "L.2/R-5", "L.2/R-6", "HK"]


def primer(name, strand, exon, sites, *, verdict="PASS", better=""):
    return {
        "name": name,
        "kind": "primer",
        "sequence": "ACGTTGCATGCATTGCAACG",
        "strand": strand,
        "borders_exon": exon,
        "note": "",
        "length_nt": 20,
        "tm_celsius": 60.24,
        "gc_percent": 45.0,
        "hairpin_tm_celsius": 31.0,
        "self_dimer_dg_kcal": -4.1,
        "end_stability_dg_kcal": -3.4,
        "verdict": verdict,
        "reasons": [] if verdict == "PASS" else ["one base is missing at place 7 from the 3' end"],
        "better_sequence": better,
        "confirmed": None,
        "sites": sites,
    }


def site(record, start, position, strand, alignment=""):
    edits = 1 if alignment else 0
    return {
        "record": record,
        "start": start,
        "end": start + 20 + edits,
        "position": position,
        "strand": strand,
        "mismatches": 0,
        "gaps": edits,
        "edits": edits,
        "alignment": alignment,
        "region": "intron 1",
        "verdict": "CHECK" if edits else "PASS",
    }


def product(assay, pair, low, high, kind):
    return {
        "assay": assay,
        "forward": pair[0],
        "reverse": pair[1],
        "size_min": low,
        "size_max": high,
        "product": kind,
    }


def allele(name, left, right, record, products):
    return {
        "allele": name,
        "deletion": name,
        "form": "main",
        "left_min": left[0],
        "left_max": left[1],
        "right_record": record,
        "right_min": right[0],
        "right_max": right[1],
        "breakpoints": 3,
        "products": products,
    }


def example_panel():
    """A made-up gene of 6 exons on 60 kb from chr9:1,000,001 on, and a record beyond."""
    exons = [(1, 1005000), (2, 1015000), (3, 1030000), (4, 1040000), (5, 1045000), (6, 1055000)]
    gap = "ACGTTGCATGCAT-TGCAACG / |||||||||||||-||||||| / ACGTTGCATGCATGTGCAACG"
    pairs = [("L.3/R-5", "L.3", "R-5"), ("L.2/R-5", "L.2", "R-5"), ("L.2/R-6", "L.2", "R-6")]
    return {
        "panel": {
            "name": "made_up",
            "version": "1",
            "title": "MADEUP1 deletion breakpoint PCR",
            "citation": "nobody 2024",
            "sha256": "ab" * 32,
            "known_deviations": [{"primer": "R-6", "text": "one base less than the genome"}],
            "limitations": ["A sentence about the neighbours of this gene."],
        },
        "reference": {
            "gene": "MADEUP1",
            "assembly": "ASM1",
            "accession": "NC_999999.1",
            "transcript": "NM_999999.1",
            "numbering": "exons of NM_999999.1",
            "records": [
                {
                    "name": "locus",
                    "chromosome": "chr9",
                    "start": 1000001,
                    "length": 60000,
                    "sha256": "cd" * 32,
                    "source": "made up",
                },
                {
                    "name": "beyond",
                    "chromosome": "chr9",
                    "start": None,
                    "length": 1200,
                    "sha256": "ef" * 32,
                    "source": "made up",
                },
            ],
            "exons": [{"number": n, "start": s, "end": s + 199} for n, s in exons],
        },
        "conditions": {"edits_max": 3, "monovalent_mm": 50, "oligo_nm": 300, "gc_min_percent": 35},
        "verdict": "CHECK",
        "off_targets": "not searched",
        "variants": "not checked",
        "primers": [
            primer("L.2", "+", 2, [site("locus", 9999, "chr9:1,010,000-1,010,019", "+")]),
            primer("L.3", "+", 3, [site("locus", 19999, "chr9:1,020,000-1,020,019", "+")]),
            primer("R-5", "-", 5, [site("locus", 49999, "chr9:1,050,000-1,050,019", "-")]),
            primer(
                "R-6",
                "-",
                6,
                [site("beyond", 600, "beyond:601-621", "-", gap)],
                verdict="CHECK",
                better="ACGTTGCATGCATGTGCAACG",
            ),
        ],
        "assays": [
            *[
                {"name": n, "kind": "breakpoint", "pairs": [n], "deletions": [d], "verified": True}
                for n, d in zip(ASSAYS, ["Δ3-5", "Δ2-5", "Δ2-6"], strict=False)
            ],
            {"name": "HK", "kind": "control_gene", "pairs": [], "deletions": [], "verified": False},
        ],
        "alleles": [
            allele(
                "Δ3-5",
                (1020100, 1020130),
                (1049900, 1049920),
                "locus",
                [product("L.3/R-5", ("L.3", "R-5"), 200, 250, "must")],
            ),
            allele(
                "Δ2-5",
                (1010090, 1010110),
                (1049900, 1049920),
                "locus",
                [product("L.2/R-5", ("L.2", "R-5"), 190, 230, "must")],
            ),
            allele(
                "Δ2-6",
                (1010090, 1010110),
                (480, 500),
                "beyond",
                [product("L.2/R-6", ("L.2", "R-6"), 210, 240, "must")],
            ),
        ],
        "wild_type": [product(a, (f, r), 30000, 30000, "none") for a, f, r in pairs[:2]]
        + [product("L.2/R-6", ("L.2", "R-6"), 50000, None, "none")],
        "dimers": [
            {
                "first": "L.2",
                "second": "R-5",
                "tm_celsius": 21.0,
                "dg_kcal": -5.2,
                "three_prime_dg_kcal": -2.0,
                "share_an_assay": True,
            }
        ],
        "findings": [],
    }


def values_of(ct, top=2.4):
    """A logistic curve that crosses the threshold at the Ct; without one, a small wave."""
    if ct is None:
        return tuple(0.004 * ((7 * c) % 5 - 2) for c in range(CYCLES))
    middle = ct + 1.4 * log(top / THRESHOLD - 1)
    return tuple(
        0.004 * ((7 * c) % 5 - 2) + top / (1 + exp(-(c + 1 - middle) / 1.4)) for c in range(CYCLES)
    )


def reaction_of(well, sample, assay, ct, *, role, state=None):
    return Reaction(
        run=RUN,
        file="export.txt",
        well=well,
        sample=sample,
        assay=assay,
        target=assay,
        dye="FAM",
        role=role,
        state=state or (State.UNDETERMINED if ct is None else State.OK),
        ct=ct,
        ct_text="" if ct is None else str(ct),
        threshold=THRESHOLD,
        baseline_start=3,
        baseline_end=15,
        curve_kind=CurveKind.DELTA_RN,
        n_cycles=CYCLES,
        input_ng=100.0,
    )


def well_of(reaction, outcome=None, curve=None):
    ct = reaction.ct
    lit = ct is not None and ct < LIMIT
    return Well(
        run=RUN,
        well=reaction.well,
        sample=reaction.sample,
        assay=reaction.assay,
        role=reaction.role,
        state=reaction.state,
        ct=ct,
        ct_text=reaction.ct_text,
        ct_own=None if ct is None else ct + 0.13,
        curve=curve or (CurveClass.NONE if ct is None else CurveClass.STANDARD),
        curve_reasons=("no rise",) if ct is None else (),
        outcome=outcome or (Outcome.POSITIVE if lit else Outcome.NEGATIVE),
        reason=f"standard curve, Ct {ct} below {LIMIT}" if lit else "no Ct, no amplification",
    )


def sample_of(name, call, deletions=(), candidates=(), flags=()):
    evidence = f"wells of {name} behind {call}"
    return Sample(
        run=RUN,
        sample=name,
        call=call,
        deletions=tuple(deletions),
        candidates=tuple(candidates),
        evidence=evidence,
        flags=tuple(flags),
        reason=f"reason of {name}",
        cts={},
    )


# Sample, role, Ct per assay of ASSAYS.
PLATE = [
    ("P-001", Role.UNKNOWN, (24.719, None, None, 22.0)),
    ("P-002", Role.UNKNOWN, (None, None, None, 23.1)),
    ("P-003", Role.UNKNOWN, (29.58, None, 31.81, 22.4)),
    ("P-004", Role.UNKNOWN, (None, 32.9996, None, 22.6)),
    ("P-005", Role.UNKNOWN, (None, None, None, None)),
    ("P-006", Role.UNKNOWN, (33.0, 28.2, None, 22.9)),
    ("PC-all", Role.POSITIVE_CONTROL, (25.1, 26.0, 25.9, 22.0)),
    ("NTC", Role.NTC, (None, None, None, None)),
    ("WT", Role.NEGATIVE_CONTROL, (None, None, None, 22.3)),
]
SAMPLES = [
    sample_of("P-001", "Δ3-5", ["Δ3-5"]),
    sample_of("P-002", "negative", flags=["primer_unconfirmed"]),
    sample_of("P-003", "mixed", ["Δ3-5", "Δ2-6"]),
    sample_of("P-004", "Δ2-5", ["Δ2-5"], flags=["near_cutoff", "primer_unconfirmed"]),
    sample_of("P-005", "invalid", flags=["control_gene_failed"]),
    sample_of("P-006", "inconclusive", ["Δ2-5"], ["Δ2-5", "mixed"], ["late_amplification"]),
]
FINDINGS = [
    Finding(Level.INFO, "well", "A1", "spike_replaced", "A1 L.3/R-5: one cycle was replaced."),
    Finding(Level.WARNING, "primer", "R-6", "no_exact_site", "R-6 has no exact site."),
    Finding(
        Level.ERROR, "assay", "L.2/R-6", "wild_type_control_missing", "no wild-type control of it."
    ),
]


def plate_tables(plate=None, assays=ASSAYS):
    """Return reactions, curves and wells: one well per assay, row by row."""
    reactions, curves, wells = [], [], []
    position = 0
    for name, role, cts in PLATE if plate is None else plate:
        for assay, ct in zip(assays, cts, strict=True):
            well = f"{chr(ord('A') + position // 12)}{position % 12 + 1}"
            reaction = reaction_of(well, name, assay, ct, role=role)
            reactions.append(reaction)
            curves.append(Curve(RUN, well, assay, values_of(ct)))
            wells.append(well_of(reaction))
            position += 1
    return reactions, curves, wells


def example_record(**changes):
    record = RunRecord(
        run=RUN,
        status=Status.READ,
        format="made-up export",
        instrument="Cycler 9",
        software="Cycler software 1.0",
        run_date="2024-03-01T14:05:00",
        chemistry="hydrolysis probe",
        files=(RunFile("export.txt", 12345, "12" * 32, FileKind.EXPORT, "made-up", "Ct"),),
        sheet=(
            SheetEntry("A1", sample="P-001", patient_ref="X-17", specimen="bone marrow"),
            SheetEntry("C1", sample="PC-all", expected=("Δ3-5", "Δ2-5", "Δ2-6")),
            SheetEntry("D1", sample="WT", exclude="pipetting error"),
        ),
        laboratory={"operator": "op-01", "kit lot": "K 77"},
        overrides=(
            Override("well", "A5", "L.3/R-5", "review", "A. Reviewer", "2024-03-02", "bubble"),
        ),
    )
    return replace(record, **changes)


def example_source(**changes):
    """Return the source of a complete report."""
    reactions, curves, wells = plate_tables()
    review = next(i for i, w in enumerate(wells) if w.sample == "P-006" and w.assay == "L.2/R-6")
    wells[review] = replace(
        wells[review],
        outcome=Outcome.REVIEW,
        curve=CurveClass.REVIEW,
        curve_reasons=("weak", "slow rise"),
        reason="no Ct, but curve in doubt (weak, slow rise)",
    )
    source = ReportSource(
        record=example_record(),
        reactions=reactions,
        curves=curves,
        features=[Feature(RUN, w.well, w.assay, {}) for w in wells],
        wells=wells,
        samples=SAMPLES,
        levels=[],
        standards=[],
        findings=FINDINGS,
        panel=example_panel(),
        settings=SETTINGS,
        laboratory="Laboratory of the example",
        language="en",
        versions={"breakpoint-pcr": "9.8.7", "python": "3.11.0", "typst": "0.0.0"},
        panel_name="resources/primers/made_up",
        reference_name="resources/reference/made_up",
    )
    return replace(source, **changes)


CLASSES = {"Δ3-5": "L.3/R-5", "Δ2-5": "L.2/R-5", "Δ2-6": "L.2/R-6"}


def level_of(sample, deletion, detected=Detected.NO, *, statement="", reason="", **values):
    """A row of levels.tsv; what is not named is not known."""
    empty = dict.fromkeys(
        (
            "fraction",
            "fraction_low",
            "fraction_high",
            "copies",
            "cells",
            "sampling_limit",
            "excluded",
        )
    )
    texts = {
        "assay": CLASSES[deletion],
        "method": LevelMethod.NONE,
        "clone": Clone.UNKNOWN,
    }
    return SampleLevel(
        run=RUN,
        sample=sample,
        deletion=deletion,
        detected=detected,
        statement=statement or f"{deletion}: nothing said",
        reason=reason,
        **{**empty, **texts, **values},
    )


MEASURED = {"method": LevelMethod.STANDARD_CURVES}
NO_LOD = {"cells": 15152.0, "sampling_limit": 1.977e-4, "reason": "no verified limit of detection"}
LEVELS = [
    level_of(
        "P-001",
        "Δ3-5",
        Detected.YES,
        **MEASURED,
        fraction=0.452,
        fraction_low=0.361,
        fraction_high=0.5649,
        copies=6849.0,
        clone=Clone.CLONAL,
        statement="Δ3-5 in 45 % of cells (36 to 56 %): clonal",
        reason="6,849 copies of the junction in 15,152 cells by the control gene HK",
    ),
    level_of("P-001", "Δ2-5", statement="Δ2-5: sensitivity not established", **NO_LOD),
    level_of("P-001", "Δ2-6", statement="Δ2-6: sensitivity not established", **NO_LOD),
    level_of(
        "P-002",
        "Δ3-5",
        cells=15152.0,
        sampling_limit=1.977e-4,
        excluded=7.92e-4,
        statement="Δ3-5 in 0.08 % of cells or more is excluded",
        reason="12 copies (verified limit of detection) in 15,152 cells; sampling limit 0.02 %",
    ),
    level_of("P-002", "Δ2-5", statement="Δ2-5: sensitivity not established", **NO_LOD),
    level_of("P-002", "Δ2-6", statement="Δ2-6: sensitivity not established", **NO_LOD),
    level_of(
        "P-003",
        "Δ3-5",
        Detected.YES,
        **MEASURED,
        fraction=0.0123,
        fraction_low=0.0081,
        fraction_high=0.0187,
        copies=186.0,
        clone=Clone.SUBCLONAL,
        statement="Δ3-5 in 1.2 % of cells (0.81 to 1.9 %): subclonal",
        reason="186 copies of the junction in 15,152 cells by the control gene HK",
    ),
    level_of(
        "P-003",
        "Δ2-6",
        Detected.YES,
        copies=41.0,
        statement="Δ2-6: 41 copies per reaction, no fraction",
        reason="below the lowest standard; not extrapolated",
    ),
    level_of(
        "P-004",
        "Δ2-5",
        Detected.YES,
        method=LevelMethod.DILUTION_SERIES,
        fraction=2.13e-5,
        fraction_low=9.7e-6,
        fraction_high=4.66e-5,
        statement="Δ2-5 at 2.1e-5 of the diluted sample",
        reason="dilution series of X-17",
    ),
    level_of("P-005", "Δ3-5", Detected.OPEN, statement="Δ3-5: no level, the call is invalid"),
    level_of(
        "P-006",
        "Δ2-5",
        Detected.YES,
        **MEASURED,
        fraction=1.31,
        fraction_low=1.02,
        fraction_high=1.68,
        copies=19850.0,
        clone=Clone.CLONAL,
        statement="Δ2-5 in 130 % of cells (100 to 170 %): clonal",
        reason="more junctions than cells: two alleles a cell, or a control gene that is lost",
    ),
]
# Copies per reaction -> Ct, and for L.2/R-5 the share of a patient's diluted sample.
DECADES = (1e5, 1e4, 1e3, 1e2, 1e1)
STANDARD_CTS = {
    "L.3/R-5": (18.61, 21.93, 25.3, 28.58, 31.99),
    "HK": (18.1, 21.6, 24.9, 28.4, None),
}
SERIES = {1e-1: 24.1, 1e-2: 29.3, 1e-3: 31.2, 1e-4: 32.4}
STANDARDS = [
    StandardCurve(
        run=RUN,
        assay="L.3/R-5",
        quantity=Quantity.COPIES,
        patient_ref="",
        wells=("E1", "E2", "E3", "E4", "E5"),
        points=5,
        slope=-3.341,
        intercept=35.305,
        r_squared=0.99996,
        efficiency=0.9921,
        efficiency_low=0.9758,
        efficiency_high=1.0091,
        quantity_min=10.0,
        quantity_max=1e5,
        accepted=True,
        reason="",
    ),
    StandardCurve(
        run=RUN,
        assay="L.2/R-5",
        quantity=Quantity.DILUTION,
        patient_ref="X-17",
        wells=("G1", "G2", "G3", "G4"),
        points=4,
        slope=-2.68,
        intercept=22.55,
        r_squared=0.9297,
        efficiency=1.3613,
        efficiency_low=0.6,
        efficiency_high=17.3,
        quantity_min=1e-4,
        quantity_max=0.1,
        accepted=False,
        reason="slope -2.68 is above -3.1; R squared 0.9297 is below 0.98",
    ),
    StandardCurve(
        run=RUN,
        assay="HK",
        quantity=Quantity.COPIES,
        patient_ref="",
        wells=("F1", "F2", "F3", "F4", "F5"),
        points=4,
        slope=-3.42,
        intercept=35.22,
        r_squared=0.9996,
        efficiency=0.9606,
        efficiency_low=0.866,
        efficiency_high=1.08,
        quantity_min=100.0,
        quantity_max=1e5,
        accepted=True,
        reason="",
    ),
]


def standard_wells():
    """Return reactions and sheet entries of the standards: rows E (copies), F (HK), G (series)."""
    reactions, entries = [], []

    def add(well, assay, ct, **label):
        name = f"STD {next(iter(label.values())):g}"
        reactions.append(reaction_of(well, name, assay, ct, role=Role.STANDARD))
        entries.append(SheetEntry(well, sample=name, assay=assay, role=Role.STANDARD, **label))

    for row, (assay, cts) in zip("EF", STANDARD_CTS.items(), strict=True):
        for column, (copies, ct) in enumerate(zip(DECADES, cts, strict=True), 1):
            add(f"{row}{column}", assay, ct, copies=copies)
    for column, (share, ct) in enumerate(SERIES.items(), 1):
        add(f"G{column}", "L.2/R-5", ct, dilution=share)
    return reactions, entries


def level_source(**changes):
    """Return the example with standards on its plate, and levels of every kind."""
    source = example_source()
    reactions, entries = standard_wells()
    wells = [well_of(reaction) for reaction in reactions]
    levelled = replace(
        source,
        record=replace(source.record, sheet=(*source.record.sheet, *entries)),
        reactions=[*source.reactions, *reactions],
        curves=[*source.curves, *(Curve(RUN, r.well, r.assay, values_of(r.ct)) for r in reactions)],
        features=[*source.features, *(Feature(RUN, w.well, w.assay, {}) for w in wells)],
        wells=[*source.wells, *wells],
        levels=LEVELS,
        standards=STANDARDS,
    )
    return replace(levelled, **changes)


FONTS = Path(__file__).parents[2] / "resources" / "fonts"
