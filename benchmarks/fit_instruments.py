"""Fit the simulator's instruments to real curves.

    python benchmarks/fit_instruments.py SHARED [OUT]

SHARED is the folder that holds curves/ and samples/. Without OUT the profiles are printed; they are
kept in resources/simulation/instruments.yaml. No random number is drawn: same data, same bytes.
"""

import re
import sys
import zipfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
from python_calamine import CalamineWorkbook

from breakpoint_pcr.simulate.fitting import physics_of
from breakpoint_pcr.simulate.measures import Summary, shape_of, summarise

HEADER = """\
# Optics and noise of instruments, for the simulator. Written by benchmarks/fit_instruments.py from
# real curves; simulate/instruments.py explains the keys, simulate/measures.py what is measured.
# Numbers only: the curves stay where they are. One plate or a few stand behind each profile, so a
# profile shows what occurs, not how a make of instruments is.
"""
SINGLE_COPY_CT = 40.5
# A threshold stands at this part of the full rise, or at this many SDs of the background.
THRESHOLD_SHARE, THRESHOLD_SDS = 0.05, 20
# CV of the rise where the curves do not tell assays apart.
UNKNOWN_GAIN_CV = 0.1
SECOND_TARGET_LEVEL = 3300  # RAS002: the two targets of a well lie at 2,600 and 4,000
RECORD = re.compile(r"(\d+)\t(\d+)\t(FAM|ROX)\t[\d.]+\t([\d.E]+)\t")


@dataclass(frozen=True, slots=True)
class Curves:
    """Curves of equal length, whether each holds a product, and its assay."""

    values: np.ndarray
    amplified: list[bool]
    assays: list[str]


@dataclass(frozen=True, slots=True)
class Profile:
    """What of a profile is chosen and not measured."""

    source: str
    unit: str
    formats: tuple[str, ...]
    passive_reference: bool = False
    subtracted_unit: float | None = None
    gain_known: bool = True
    threshold: float | None = None


ABI = "ABI 7500 Fast, FAM/TAMRA probe, example run of the 7500 software 2.3 (PCRuniversum/RDML"
QS = "example run of Design & Analysis 2.7 (Benchling-Open-Source/allotropy)"
RN_FORMATS = ("abi7500_v2", "quantstudio", "generic")
PROFILES = {
    "abi7500_fam_tamra": Profile(
        f"{ABI} a898512, sce.eds): FAM over ROX", "Rn", RN_FORMATS, True, threshold=0.2
    ),
    "abi7500_no_reference": Profile(
        f"{ABI} a898512, sce.eds): FAM alone", "raw", ("abi7500_v2", "generic")
    ),
    "quantstudio1_mgb": Profile(f"QuantStudio 1, FAM/MGB probe, {QS}", "Rn", RN_FORMATS[1:], True),
    "quantstudio7pro_mgb": Profile(
        f"QuantStudio 7 Pro, FAM/MGB probe of a duplex, {QS}", "Rn", RN_FORMATS[1:], True
    ),
    "quantstudio7pro_vic": Profile(
        f"QuantStudio 7 Pro, VIC/TAMRA probe of a duplex, {QS}", "Rn", RN_FORMATS[1:], True
    ),
    "two_targets_rfu": Profile(
        "two probes a well, cycler not named: RAS002 of PCRuniversum/PCRedux 28ed591",
        "rfu",
        ("generic",),
    ),
    "multiplex_rfu": Profile(
        "several probes a well, background subtracted, cycler not named: kbqPCR of "
        "PCRuniversum/PCRedux 28ed591; level and its CV unknown, so one full rise and none",
        "rfu",
        ("generic",),
        subtracted_unit=1650.0,
        gain_known=False,
    ),
    "lightcycler1_taqman": Profile(
        "LightCycler 1.0, TaqMan probe: batsch1 to batsch3 of anspiess/qpcR 0837547",
        "rfu",
        ("generic",),
    ),
    "lightcycler480_sybr": Profile(
        "LightCycler 480, SYBR Green: vermeulen1 of anspiess/qpcR 0837547", "rfu", ("generic",)
    ),
}


def read_all(shared: Path) -> dict[str, Curves]:
    """Return the curves behind each profile."""
    labelled = _labelled(shared / "curves")
    fam, rox = _multicomponent(shared / "samples/abi7500/sds7500_v23_standard_curve_example.eds")
    lit = [bool(curve[-1] > 1.5 * curve[4]) for curve in fam / rox]
    plate = [""] * len(fam)
    books = shared / "samples" / "quantstudio"
    seven = books / "qs7pro_da27_presence_absence.xlsx"
    two = labelled["RAS002"]
    high = np.median(two.values[:, 3:8], axis=1) > SECOND_TARGET_LEVEL
    return {
        "abi7500_fam_tamra": Curves(fam / rox, lit, plate),
        "abi7500_no_reference": Curves(fam, lit, plate),
        "quantstudio1_mgb": _workbook(books / "qs1_da27_standard_curve.xlsx", ("RNaseP",)),
        "quantstudio7pro_mgb": _workbook(seven, ("Xeno",)),
        "quantstudio7pro_vic": _workbook(seven, ("IPC", "Blocked IPC")),
        "two_targets_rfu": replace(two, assays=[str(second) for second in high]),
        "multiplex_rfu": labelled["kbqPCR"],
        "lightcycler1_taqman": _joined([labelled[f"batsch{n}"] for n in (1, 2, 3)]),
        "lightcycler480_sybr": labelled["vermeulen1"],
    }


def _labelled(folder: Path) -> dict[str, Curves]:
    """Return the rated curves by data set: only y and n, only without gaps; group is assay."""
    points = pd.read_parquet(folder / "train_curves.parquet").sort_values(["curve_id", "cycle"])
    values = {
        str(name): part.to_numpy(float)
        for name, part in points.groupby("curve_id", observed=True)["fluorescence"]
    }
    labels = pd.read_csv(folder / "train_labels.tsv.gz", sep="\t", keep_default_na=False)
    wanted = labels[labels["label"].isin(["y", "n"])]
    sets: dict[str, Curves] = {}
    for name, rows in wanted.groupby("dataset"):
        whole = [not np.isnan(values[curve]).any() for curve in rows["curve_id"]]
        kept = rows[whole]
        curves = [values[curve] for curve in kept["curve_id"]]
        if len({len(curve) for curve in curves}) == 1:
            lit = [label == "y" for label in kept["label"]]
            sets[str(name)] = Curves(np.array(curves), lit, [str(g) for g in kept["group"]])
    return sets


def _joined(parts: Sequence[Curves]) -> Curves:
    return Curves(
        np.concatenate([part.values for part in parts]),
        [lit for part in parts for lit in part.amplified],
        [assay for part in parts for assay in part.assays],
    )


def _multicomponent(path: Path) -> tuple[np.ndarray, np.ndarray]:
    """Return FAM and ROX per well and cycle; the records run on without line breaks."""
    with zipfile.ZipFile(path) as archive:
        text = archive.read("apldbio/sds/multicomponent_data.txt").decode("latin-1")
    found: dict[str, dict[tuple[int, int], float]] = {"FAM": {}, "ROX": {}}
    for well, cycle, dye, signal in RECORD.findall(text):
        found[dye][int(well), int(cycle)] = float(signal)
    wells, cycles = (sorted({key[part] for key in found["FAM"]}) for part in (0, 1))
    fam, rox = (
        np.array([[found[dye][well, cycle] for cycle in cycles] for well in wells])
        for dye in ("FAM", "ROX")
    )
    return fam, rox


def _workbook(path: Path, targets: Sequence[str]) -> Curves:
    """Return Rn of the targets; the instrument's own word says what amplified."""
    book = CalamineWorkbook.from_path(str(path))
    lit = {
        (row["Well Position"], row["Target"]): row["Amp Status"] == "AMP"
        for row in _table(book, "Results")
        if row["Target"] in targets
    }
    curves: dict[tuple[str, str], list[tuple[int, float]]] = defaultdict(list)
    for row in _table(book, "Amplification Data"):
        if (key := (row["Well Position"], row["Target"])) in lit:
            curves[key].append((int(row["Cycle Number"]), float(row["Rn"])))
    values = np.array([[rn for _, rn in sorted(curve)] for curve in curves.values()])
    return Curves(values, [lit[key] for key in curves], [""] * len(curves))


def _table(book: CalamineWorkbook, sheet: str) -> list[dict[str, object]]:
    rows = book.get_sheet_by_name(sheet).to_python()
    top = next(number for number, row in enumerate(rows) if row[0] == "Well")
    return [dict(zip(rows[top], row, strict=True)) for row in rows[top + 1 :]]


def measure(name: str, curves: Curves) -> Summary:
    """Return the measures of a profile's curves."""
    return summarise(
        curves.values.tolist(),
        amplified=curves.amplified,
        assays=curves.assays,
        unit=PROFILES[name].subtracted_unit,
    )


def fit(name: str, curves: Curves) -> tuple[Summary, dict[str, float], float]:
    """Return measures, constants and threshold of a profile."""
    profile = PROFILES[name]
    found = measure(name, curves)
    shape = shape_of(curves.values.tolist(), amplified=curves.amplified)
    physics = physics_of(found, shape, passive_reference=profile.passive_reference)
    if not profile.gain_known:
        physics["gain_cv"] = UNKNOWN_GAIN_CV
    background = THRESHOLD_SDS * found.scatter * found.level
    threshold = profile.threshold or max(background, THRESHOLD_SHARE * physics["full_rn"])
    return found, physics, threshold


def as_yaml(fits: Mapping[str, tuple[Summary, dict[str, float], float]]) -> str:
    """Return the profiles as the file holds them."""
    lines = [HEADER.rstrip()]
    for name, (found, physics, threshold) in fits.items():
        profile = PROFILES[name]
        lines += [
            "",
            f"{name}:",
            f"  source: '{profile.source}'",
            f"  curves: {found.curves}",
            f"  unit: {profile.unit}",
            f"  formats: [{', '.join(profile.formats)}]",
            f"  passive_reference: {str(profile.passive_reference).lower()}",
            f"  threshold: {_plain(threshold)}",
            f"  single_copy_ct: {SINGLE_COPY_CT:g}",
            "  measured:",
            *(f"    {key}: {_plain(value)}" for key, value in found.as_numbers().items()),
            "  physics:",
            *(f"    {key}: {_plain(value)}" for key, value in physics.items()),
        ]
    return "\n".join(lines) + "\n"


def _plain(value: float) -> str:
    """Write three figures without an exponent, which YAML would take for text."""
    return np.format_float_positional(value, precision=3, fractional=False, trim="-")


def main() -> None:
    """Fit all profiles and print or write them."""
    shared = Path(sys.argv[1])
    text = as_yaml({name: fit(name, curves) for name, curves in read_all(shared).items()})
    if len(sys.argv) > 2:  # noqa: PLR2004
        Path(sys.argv[2]).write_text(text, encoding="utf-8")
    else:
        print(text, end="")


if __name__ == "__main__":
    main()
