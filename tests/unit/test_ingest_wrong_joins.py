"""Folders that mix the files of two plates: each is refused, or a finding says so.

Both plates have the same layout, targets and sample names; on the other, the unknowns hold less
DNA, so that their curves rise some five cycles later. Nobody could tell two plates of equal Cts.
"""

import csv
import io
from dataclasses import replace

import pytest
from ingest_exports import PANEL, read_folder

from breakpoint_pcr.simulate.plans import read_plan
from breakpoint_pcr.simulate.simulation import simulate_plate
from breakpoint_pcr.simulate.writers.catalogue import writer_named
from breakpoint_pcr.tables import Amplifies, Product

# What a file of curves has in its name, and what only such a file has.
CURVES = ("Clipped", "Amplification", "raw data", ".rex", "fluorescence", "Instrument Data", "amp.")
FORMATS = (
    *("sds1", "sds1_study", "quantstudio_csv", "cfx", "cfx_workbook", "cfx_xml"),
    *("lightcycler480", "lightcycler480_all_samples", "rotorgene", "rotorgene_csv"),
    *("qtower", "mx", "abi7500_v2", "flex"),
)
SPLIT = ("abi7500_v2", "flex")
# What a finding of a wrong join is called.
CODES = {"ct_off_curve", "cts_off_one_line", "several_plates"}
LESS_NG = 3.0
COPIES = 3000.0


@pytest.fixture(scope="module", params=FORMATS)
def plates(request, tmp_path_factory):
    """The files of a plate, of another of the same name and day, and of one of another name."""
    name, folder = request.param, tmp_path_factory.mktemp("plates")
    first = _plate(name, folder / "1", "A", seed=1)
    second = _plate(name, folder / "2", "A", seed=2, ng=LESS_NG)
    third = _plate(name, folder / "3", "B", seed=2, ng=LESS_NG, date="2026-02-04")
    return first, second, third


def _plate(name, folder, title, *, seed, ng=100.0, date="2026-02-03"):
    assays = PANEL.breakpoint_assays[:2]
    products = [
        Product("allele", assay.deletions[0].label, assay.name, "f", "r", 200, 210, Amplifies.MUST)
        for assay in assays
    ]
    control = next(a.name for a in PANEL.assays if a not in PANEL.breakpoint_assays)
    alleles, writer = {"allele": COPIES}, writer_named(name)
    samples = [
        {"name": "NTC", "role": "ntc"},
        {"name": "PC", "role": "positive_control", "input_ng": 100, "alleles": alleles},
        {"name": "S 1", "input_ng": ng, "alleles": {"allele": COPIES * ng / 100}},
        {"name": "S 2", "input_ng": ng},
    ]
    plan = {
        "name": "plate",
        "format": name,
        "seed": seed,
        "date": date,
        "cycles": 40,
        "threshold": 0.2,
        "baseline": {"kind": "line", "start": 3, "end": None},
        "assays": [*(assay.name for assay in assays), control],
        "samples": samples,
    }
    plate = simulate_plate(read_plan(plan), panel=PANEL, products=products)
    folder.mkdir()
    writer.write(folder / f"{title}{writer.suffix}", replace(plate, name=title))
    files = {path.name: path.read_bytes() for path in sorted(folder.iterdir())}
    return _split(files) if name in SPLIT else files


def _split(files):
    """A sectioned text as two files, which the software can write too: curves, and all else."""
    ((name, content),) = files.items()
    text = content.decode("utf-8-sig")
    head = text[: text.index("[")]
    start = text.index("[Amplification Data]")
    end = text.find("\n[", start) + 1 or len(text)
    return {
        f"amp. {name}": (head + text[start:end]).encode(),
        name: (text[:start] + text[end:]).encode(),
    }


def _curves(files):
    return {name: data for name, data in files.items() if any(word in name for word in CURVES)}


def _results(files):
    return {name: data for name, data in files.items() if name not in _curves(files)}


def _copies(files, title="{} - Copy"):
    """Copies as a file manager names them."""
    parts = ((name.rpartition("."), data) for name, data in files.items())
    return {f"{title.format(stem)}.{suffix}": data for (stem, _, suffix), data in parts}


def _is_noticed(record):
    return record.status == "rejected" or bool(CODES & {n.code for n in record.noticed})


def test_its_own_files_join_without_a_word(tmp_path, plates):
    record, reactions, curves = read_folder(tmp_path, plates[0])
    assert (record.status, record.reason) == ("read", "")
    assert (len(reactions), len(curves)) == (12, 12)
    assert not CODES & {finding.code for finding in record.noticed}


def test_curves_of_another_plate(tmp_path, plates):
    """Under their own name, under that of the plate, and where both plates had one name."""
    first, second, third = plates
    renamed = dict(zip(_curves(first), _curves(third).values(), strict=True))
    for number, curves in enumerate((_curves(second), _curves(third), renamed)):
        record, _, _ = read_folder(tmp_path, _results(first) | curves, name=f"run-{number}")
        assert _is_noticed(record), (number, record.reason)


def test_results_of_another_plate_beside_its_own(tmp_path, plates):
    first, second, third = plates
    for number, more in enumerate(
        (third, _results(third), _curves(third), _copies(_results(second)))
    ):
        record, _, _ = read_folder(tmp_path, first | more, name=f"run-{number}")
        assert _is_noticed(record), (number, list(more))


def test_two_curves_of_a_reaction(tmp_path, plates):
    """Curves that differ, under the name that a second download gets."""
    first, second, _ = plates
    for title in ("{} - Copy", "{} (2)"):
        files = first | _copies(_curves(second), title)
        record, _, _ = read_folder(tmp_path, files, name=f"run-{len(title)}")
        assert record.status == "rejected"


def test_copies_change_nothing(tmp_path, plates):
    """The same file twice is refused, or read as once; Cts and curves are never other ones."""
    first, _, _ = plates
    _, reactions, curves = read_folder(tmp_path, first, name="once")
    wanted = [(r.well, r.sample, r.target, r.ct_text) for r in reactions]
    for number, files in enumerate((first, _results(first), _curves(first))):
        record, found, drawn = read_folder(tmp_path, first | _copies(files), name=f"run-{number}")
        if record.status == "read":
            assert [(r.well, r.sample, r.target, r.ct_text) for r in found] == wanted
            assert [curve.values for curve in drawn] == [curve.values for curve in curves]


def test_curves_without_results_and_results_without_curves(tmp_path, plates):
    first, _, _ = plates
    record, _, _ = read_folder(tmp_path, _curves(first), name="curves")
    assert record.status == "rejected"
    record, reactions, curves = read_folder(tmp_path, _results(first), name="results")
    if record.status == "read":
        assert (len(reactions), curves) == (12, [])
        assert "no_curves" in {finding.code for finding in record.noticed}


# Bio-Rad CFX with two dyes, a file each.


def _two_dyes(files):
    """The plate with its last assay under HEX: its Cqs renamed, its curves in a file of its own."""
    (amplification, curves), (table, cqs) = sorted(files.items())
    rows = list(csv.reader(io.StringIO(cqs.decode("utf-8-sig"))))
    head = next(row for row in rows if "Fluor" in row)
    well, fluor = head.index("Well"), head.index("Fluor")
    for row in rows:
        if len(row) > fluor and row[well].startswith("C"):
            row[fluor] = "HEX"
    lines = list(csv.reader(io.StringIO(curves.decode("utf-8-sig"))))
    is_hex = [heading.startswith("C") and heading[1:].isdigit() for heading in lines[0]]
    return {
        table: _csv(rows),
        amplification: _csv(
            [cell for cell, other in zip(row, is_hex, strict=False) if not other] for row in lines
        ),
        amplification.replace("_FAM", "_HEX"): _csv(
            [cell for n, (cell, own) in enumerate(zip(row, is_hex, strict=False)) if own or n < 2]
            for row in lines
        ),
    }


def _csv(rows):
    content = io.StringIO()
    csv.writer(content).writerows(rows)
    return content.getvalue().encode()


@pytest.fixture(scope="module")
def dyes(tmp_path_factory):
    folder = tmp_path_factory.mktemp("dyes")
    first = _plate("cfx", folder / "1", "A", seed=1)
    second = _plate("cfx", folder / "2", "A", seed=2, ng=LESS_NG)
    return _two_dyes(first), _two_dyes(second)


def _named(files, word):
    return next(name for name in files if word in name)


def test_two_dyes_join(tmp_path, dyes):
    record, reactions, curves = read_folder(tmp_path, dyes[0])
    assert (record.status, len(reactions), len(curves)) == ("read", 12, 12)
    assert {(r.dye, r.well[0]) for r in reactions} == {("FAM", "A"), ("FAM", "B"), ("HEX", "C")}


@pytest.mark.parametrize("word", ["_FAM", "_HEX"])
def test_one_dye_missing_is_said(tmp_path, dyes, word):
    files = dict(dyes[0])
    del files[_named(files, word)]
    record, reactions, _ = read_folder(tmp_path, files)
    assert "curves_missing" in {finding.code for finding in record.noticed}
    without = {r.dye for r in reactions if r.curve_kind == "none"}
    assert without == {word[1:]}


@pytest.mark.parametrize("word", ["_FAM", "_HEX"])
def test_one_dye_of_another_day_is_noticed(tmp_path, dyes, word):
    first, second = dyes
    name = _named(first, word)
    record, _, _ = read_folder(tmp_path, first | {name: second[name]})
    assert _is_noticed(record), record.reason


def test_the_dyes_exchanged_are_refused(tmp_path, dyes):
    files, (fam, hexa) = dict(dyes[0]), (_named(dyes[0], "_FAM"), _named(dyes[0], "_HEX"))
    files[fam], files[hexa] = files[hexa], files[fam]
    record, _, _ = read_folder(tmp_path, files)
    assert record.status == "rejected"
