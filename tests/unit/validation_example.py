"""Hand-made tables of a study and of a laboratory, small enough to count by hand.

The study: 60 samples in arms with a target (20 clean, of which 1 inconclusive; 40 `optics`, of
which 1 wrong and 1 invalid), and 10 `swapped` without one (8 wrong; 9 noticed).
"""

from dataclasses import replace
from pathlib import Path

from breakpoint_pcr.simulate.instruments import InstrumentProfile
from breakpoint_pcr.simulate.physics import Physics
from breakpoint_pcr.tables import Quantity, Role, StandardCurve
from breakpoint_pcr.validation.document import (
    LaboratoryTables,
    Simulation,
    StudyTables,
    ValidationSource,
)
from breakpoint_pcr.validation.rows import (
    Agreement,
    ArmResult,
    ClassResult,
    Confusion,
    CutoffCurve,
    CutoffLevel,
    Difference,
    Disagreement,
    LimitEffect,
    Precision,
    Result,
    StudySample,
)

FONTS = Path("resources/fonts")
PANEL = {
    "panel": {"name": "madeup", "title": "MADEUP1 deletion breakpoint PCR", "version": "3"},
    "reference": {"gene": "MADEUP1", "assembly": "GRCh38", "accession": "NC_000099.9"},
    "assays": [
        {"name": "L.3/R-5", "kind": "breakpoint", "deletions": ["Δ3-5"]},
        {"name": "L.2/R-5", "kind": "breakpoint", "deletions": ["Δ2-5"]},
        {"name": "HK", "kind": "control_gene", "deletions": []},
    ],
}
CONFIG = {
    "samples": 70,
    "samples_per_batch": 70,
    "seed": 4711,
    "copies_present": 100,
    "limit_samples": 60,
    "limit_shift": 0.2,
}
SETTINGS = {"calling": {"ct_limit": 33, "grey_zone": None}, "controls": {"ntc": {"required": True}}}
PROFILE = InstrumentProfile(
    name="cycler_a",
    physics=Physics(),
    threshold=0.2,
    unit="Rn",
    passive_reference=True,
    formats=("generic",),
    curves=1234,
    source="made-up curves of nobody",
    measured={},
)

SIMULATION = Simulation(
    arms={"clean": "nothing amiss", "optics": "jumps and waves", "swapped": "names exchanged"},
    instruments={"cycler_a": PROFILE},
    assumptions=("Copies are Poisson.", "Not simulated: degraded DNA."),
    config=CONFIG,
)


def sample(number, arm="clean", **changes):
    """A negative sample that is called so; `plate-clean` and so on."""
    plain = StudySample(
        plate=f"plate-{arm}",
        arm=arm,
        target=arm != "swapped",
        instrument="cycler_a",
        format="generic",
        sample=f"S{number:02d}",
        faults=(),
        holds=(),
        present=(),
        between=(),
        call="negative",
        deletions=(),
        candidates=(),
        flags=(),
        result=Result.RIGHT,
        noticed=False,
        cause="",
    )
    return replace(plain, **changes)


HELD = {"holds": ("Δ3-5=1200",), "present": ("Δ3-5",)}
OPEN = {"call": "inconclusive", "candidates": ("Δ3-5", "negative"), "result": Result.INCONCLUSIVE}
OPEN_CAUSE = "L.3/R-5 A5: 812 molecules, Ct 30.12, curve review, review: curve in doubt (weak)"
WRONG_CAUSE = "L.3/R-5 B7: 1190 molecules, hook, no Ct, curve none, negative: no curve"


def example_samples():
    """Every sample of the study."""
    clean = [sample(n) for n in range(1, 20)] + [sample(20, cause=OPEN_CAUSE, **HELD, **OPEN)]
    wrong = {"result": Result.WRONG, "cause": WRONG_CAUSE, "faults": ("hook L.3/R-5",)}
    invalid = {"call": "invalid", "result": Result.INVALID, "cause": "control gene without a Ct"}
    optics = [sample(n, "optics", faults=("wave",), noticed=n % 2 == 0) for n in range(1, 39)]
    optics += [sample(39, "optics", **HELD, **wrong)]
    optics += [sample(40, "optics", noticed=True, faults=("wave",), **invalid)]
    swapped = [
        sample(
            n,
            "swapped",
            faults=("S01 is S02",),
            noticed=n != 1,
            result=Result.WRONG if n <= 8 else Result.RIGHT,
            cause="the sheet names another sample" if n <= 8 else "",
        )
        for n in range(1, 11)
    ]
    return [*clean, *optics, *swapped]


def example_study(**changes):
    """The tables of the study; limits that no test reads are those of Wilson, worked out apart."""
    samples = example_samples()
    values = {
        "samples": samples,
        "arms": [
            ArmResult("clean", True, 20, 19, 0, 1, 0, 0, 0, 0.0, 0.1611, 0.0089, 0.2361),
            ArmResult("optics", True, 40, 38, 1, 0, 1, 40, 20, 0.0044, 0.1288, 0.0044, 0.1288),
            ArmResult("swapped", False, 10, 2, 8, 0, 0, 10, 9, 0.4902, 0.9433, 0.0, 0.2775),
        ],
        "classes": [
            ClassResult(
                *("Δ3-5", 2, 0, 1, 0.0, 0.0, 0.7935, 0.0),
                *(58, 57, 1, 1.0, 0.9369, 1.0, 57 / 58),
            ),
            ClassResult(
                *("Δ2-5", 0, 0, 0, None, None, None, None), *(60, 58, 2, 1, 0.9379, 1, 0.9667)
            ),
            ClassResult(
                *("any", 2, 0, 1, 0.0, 0.0, 0.7935, 0.0), *(58, 57, 1, 1, 0.9369, 1, 0.9828)
            ),
        ],
        "confusion": [
            Confusion("Δ3-5", "negative", 1, 0.5, 0.0945, 0.9055),
            Confusion("Δ3-5", "inconclusive", 1, 0.5, 0.0945, 0.9055),
            Confusion("negative", "negative", 57, 57 / 58, 0.9086, 0.9969),
            Confusion("negative", "invalid", 1, 1 / 58, 0.0031, 0.0914),
        ],
        "errors": [s for s in samples if s.target and s.result is Result.WRONG],
        "limits": [
            LimitEffect("curves.growth_min", "1.4", "1.12", 60, 2, 1, 1, 3, 2),
            LimitEffect("curves.growth_min", "1.4", "1.68", 60, 0, 1, 1, 2, 2),
            LimitEffect("calling.ct_limit", "33", "26.4", 60, 9, 6, 1, 2, 2),
            LimitEffect("calling.ct_limit", "33", "39.6", 60, 1, 1, 1, 2, 2),
            LimitEffect("curves.gap_max", "3", "4", 60, 0, 1, 1, 2, 2),
            LimitEffect("curves.cycles_min", "15", "18", 60, 0, 1, 1, 2, 2),
        ],
        "levels": example_levels(),
        "curves": example_curves(),
    }
    return StudyTables(**{**values, **changes})


# The golden dilution series of facts/qc_vectors.tsv: hits of 24 at each number of copies.
HITS = {20.0: 24, 10.0: 24, 5.0: 23, 2.5: 19, 1.25: 15, 0.625: 9}


def example_levels():
    """Hit rates of one assay; those of a single instrument stand beside those of all."""
    every = [
        CutoffLevel("L.3/R-5", "all", n, 24, k, k / 24, 0.0, 1.0, 31.5 + i, 0.4)
        for i, (n, k) in enumerate(sorted(HITS.items(), reverse=True))
    ]
    return [*every, replace(every[0], instrument="cycler_a", rate=0.123)]


def example_curves():
    """The fit of that series, as in facts/qc_vectors.tsv."""
    return [
        CutoffCurve(
            *("L.3/R-5", 6, 144, 0.0871, 2.2626, 0.1716, 0.9152, 4.8806, 2.910, 8.186),
            *(0.6931, 4.3221, ""),
        )
    ]


def no_laboratory():
    """Runs without truth, copies and standards."""
    return LaboratoryTables(
        agreement=[], disagreements=[], precision=[], levels=[], curves=[], standards=[]
    )


def example_laboratory(name="lab-sample-77"):
    """A laboratory whose sample has this name everywhere."""
    return LaboratoryTables(
        agreement=[
            Agreement("Δ3-5", 80, 79, 59, 0, 1, 19, 1, 59 / 60, 0.9114, 0.9971, 1.0, 0.8318, 1.0),
        ],
        disagreements=[
            Disagreement(name, name, ("Δ3-5",), "negative", (), Difference.WRONG, "no curve"),
            Disagreement("run-2", name, (), "Δ3-5", ("Δ3-5",), Difference.LEFT_OUT, name),
        ],
        precision=[
            Precision(
                *(name, Role.POSITIVE_CONTROL, "", None, None, "L.3/R-5", 20, 40, 80, 0),
                *(27.9404, 0.0994, 0.0760, 0.1111, 0.1673, ""),
            ),
            Precision(
                *(name, Role.STANDARD, name, 1000.0, None, "HK", 1, 1, 2, 1),
                *(27.9, None, None, None, None, "one run: nothing between runs"),
            ),
        ],
        levels=example_levels(),
        curves=example_curves(),
        standards=[
            StandardCurve(
                *("run-1", "HK", Quantity.COPIES, "", ("A1", "A2"), 6, -3.3274, 35.2552),
                *(0.999962, 0.9977, 0.9860, 1.0097, 1.0, 1e5, True, ""),
            ),
            StandardCurve(
                *("run-2", "L.3/R-5", Quantity.DILUTION, name, ("A1",), 1, None, None, None),
                *(None, None, None, 1e-4, 1e-4, False, "one quantity: no line"),
            ),
        ],
    )


def example_source(**changes):
    """Everything; any part can be exchanged."""
    values = {
        "study": example_study(),
        "laboratory": no_laboratory(),
        "panel": PANEL,
        "simulation": SIMULATION,
        "settings": SETTINGS,
        "confidence": 0.95,
        "names": {
            "panel": "/some/where/primers/madeup",
            "reference": "resources/reference/madeup1",
        },
        "report": {"laboratory": "Example Laboratory", "language": "en"},
        "versions": {"breakpoint-pcr": "9.8.7", "python": "3.99"},
    }
    return ValidationSource(**{**values, **changes})
