"""The plates and curves that index.html carries: what is packed comes out again."""

import json
import re
from base64 import b64decode
from hashlib import sha256
from pathlib import Path
from struct import unpack

import pytest
from summary_example import HOSTILE, made_up_panel, sample, well, write_run, write_traces

from breakpoint_pcr.runs import RunRecord, Status
from breakpoint_pcr.summary import SummarySource, page, summarise
from breakpoint_pcr.summary.traces import packed
from breakpoint_pcr.tables import CurveKind, Role, read_curves

VENDOR = Path(page.__file__).parent / "template/vendor/uplot"
LABEL = "Δ2-5"


def values_of(low, step, stored):
    return [None if number == 0xFFFF else low + step * number for number in stored]


@pytest.mark.parametrize(
    "values",
    [
        (0.0, 0.001, -0.002, 5.25, 7.0),
        (1.25, None, 1.3, float("nan"), 2.0),
        (123456.5, 123456.5, 123457.0),
        (-3.0, -3.0),
        (1e-9, 2e-9, 1e6),
    ],
)
def test_a_packed_curve_is_off_by_at_most_half_a_step(values):
    """Half of one of 65,534 steps between the lowest and the highest value, plus rounding."""
    curve = packed(values)
    known = [v for v in values if v is not None and v == v]  # noqa: PLR0124  (not a number)
    step = (max(known) - min(known)) / 65534
    for given, back in zip(values, values_of(curve.low, curve.step, curve.steps), strict=True):
        if given is None or given != given:  # noqa: PLR0124
            assert back is None
        else:
            assert back == pytest.approx(given, abs=0.51 * step + 1e-8 * abs(given))


@pytest.mark.parametrize("values", [(), (None, None)])
def test_a_curve_without_values_stays_without(values):
    assert list(packed(values).steps) == [0xFFFF] * len(values)


def plates(text):
    found = re.findall(r'<script type="application/json" id="plate-(\d+)">(.*?)</script>', text)
    return {int(place): json.loads(island) for place, island in found}


def read_back(plate):
    """The reactions of a plate as dictionaries, decoded as the page's script does it."""

    def entry(column, row):
        return column[row] if isinstance(column, list) else column

    raw = b64decode(plate["curves"])
    stored = iter(unpack(f"<{len(raw) // 2}H", raw))
    for row in range(plate["count"]):
        one = {name: plate["texts"][entry(c, row)] for name, c in plate["named"].items()}
        one |= {name: entry(c, row) for name, c in plate["numbers"].items()}
        numbers = [next(stored) for _ in range(one["cycles"])]
        yield one | {"values": values_of(one["low"], one["step"], numbers)}


def summary_of(base, folders, issued=()):
    output = base / "summary"
    output.mkdir()
    summarise(SummarySource(tuple(folders), made_up_panel(), 33.5, "en", output, tuple(issued)))
    return (output / "index.html").read_text(encoding="utf-8")


def rn_run(base, names=("S-1", "S-2")):
    wells = [
        well("r", "A1", names[0], "L/R", Role.UNKNOWN, 3.25),
        well("r", "A1", names[0], "REF", Role.UNKNOWN, 2.0),
        well("r", "H12", names[1], "L/R", Role.UNKNOWN, None),
    ]
    rows = [sample("r", name, LABEL) for name in dict.fromkeys(names)]
    folder = write_run(base, RunRecord("r", Status.READ), wells=wells, samples=rows)
    curves = [(1.0, 1.1, 1.5, 3.25), (1.0, None, 2.0, 4.0), (1.0, 1.01, 1.02, 1.01)]
    lines = [(0.9, 0.05), (1.0, 0.0)]
    write_traces(folder, wells, curves, kind=CurveKind.RN, baselines=lines)
    return folder


def test_the_page_carries_every_reaction_with_its_curve(tmp_path):
    folder = rn_run(tmp_path)
    plate = plates(summary_of(tmp_path, [folder]))[0]
    rows = list(read_back(plate))
    assert plate["size"] == [8, 12]
    told = [(row["well"], row["row"], row["column"], row["assay"], row["unit"]) for row in rows]
    assert told == [
        ("A1", 0, 0, "L/R", "Rn"),
        ("A1", 0, 0, "REF", "Rn"),
        ("H12", 7, 11, "L/R", "Rn"),
    ]
    assert [(row["ct"], row["ct_text"]) for row in rows] == [
        (3.25, "3.25"),
        (2.0, "2.00"),
        (None, ""),
    ]
    assert [(row["intercept"], row["slope"]) for row in rows] == [(0.9, 0.05), (1, 0), (None, None)]
    for row, curve in zip(rows, read_curves(folder / "curves.tsv"), strict=True):
        assert row["values"] == [
            None if value is None else pytest.approx(value, abs=1e-4) for value in curve.values
        ]


def test_what_the_instrument_has_corrected_is_not_corrected_again(tmp_path):
    wells = [well("r", "A1", "S", "L/R", Role.UNKNOWN, 3.0)]
    folder = write_run(tmp_path, RunRecord("r", Status.READ), wells=wells)
    write_traces(folder, wells, [(0.0, 1.0)], kind=CurveKind.DELTA_RN, baselines=[(0.5, 0.1)])
    (row,) = read_back(plates(summary_of(tmp_path, [folder]))[0])
    assert (row["intercept"], row["slope"]) == (None, None)


def test_hostile_names_in_a_plate_stay_text(tmp_path):
    wells = [
        well("r", f"A{place}", name, "L/R", Role.UNKNOWN, None)
        for place, name in enumerate(HOSTILE, 1)
    ]
    text = summary_of(tmp_path, [write_run(tmp_path, RunRecord("r", Status.READ), wells=wells)])
    assert [row["sample"] for row in read_back(plates(text)[0])] == HOSTILE
    # The page's own: data, one plate, its script, uPlot
    assert len(re.findall("<script", text)) == 4
    assert len(re.findall("</script", text)) == 4


def test_reports_of_samples_are_linked_only_inside_the_folder_of_the_run(tmp_path):
    folder = rn_run(tmp_path, ("S-1", "</script>"))
    index = folder / "samples" / "index.tsv"
    index.parent.mkdir()
    rows = ["run\tsample\tfile", "r\tS-1\tabc234.pdf", "r\t</script>\t../../x.pdf"]
    index.write_text("\n".join(rows) + "\n", encoding="utf-8")
    text = summary_of(tmp_path, [folder], [index])
    (found,) = re.findall(r'id="data">(.*?)</script>', text)
    assert json.loads(found)["runs"][0]["issued"] == {"S-1": "../runs/r/samples/abc234.pdf"}


def test_the_library_is_the_published_one():
    """Checksums of the files of npm's uplot 1.6.32, as the README beside them lists them."""
    listed = re.findall(
        r"^\| (\S+) \| ([0-9a-f]{64}) \|$",
        (VENDOR / "README.md").read_text(encoding="utf-8"),
        re.MULTILINE,
    )
    assert {name for name, _ in listed} == {
        path.name for path in VENDOR.iterdir() if path.name != "README.md"
    }
    for name, digest in listed:
        assert sha256((VENDOR / name).read_bytes()).hexdigest() == digest
