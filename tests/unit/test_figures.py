"""Figures for slides and papers: what they show, in which colours, and the same bytes each time."""

import csv
import os
import subprocess
import sys
from dataclasses import replace
from io import BytesIO
from xml.etree import ElementTree

import pytest
from PIL import Image
from report_example import (
    ASSAYS,
    FONTS,
    PLATE,
    RUN,
    SAMPLES,
    example_panel,
    example_source,
    plate_tables,
    sample_of,
)

from breakpoint_pcr.figures.drawing import draw_panel, draw_run
from breakpoint_pcr.figures.lettering import Lettering, width
from breakpoint_pcr.report.characters import read_coverage
from breakpoint_pcr.report.styles import styles
from breakpoint_pcr.tables import CurveClass, CurveKind, Role

LETTERING = Lettering(read_coverage(FONTS))
STYLES = styles(ASSAYS, ["HK"])
HOSTILE = [
    "=cmd|' /C calc'!A0",
    "<img src=x onerror=alert(1)> $x_1^2$",
    "../../n" + "n" * 193,
    "\u202eevil שלום 李明\n2",
]
SVG = "{http://www.w3.org/2000/svg}"


def drawn(source, folder):
    draw_run(source, fonts=FONTS, folder=folder)
    with (folder / "index.tsv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def texts(path_or_bytes):
    data = path_or_bytes if isinstance(path_or_bytes, bytes) else path_or_bytes.read_bytes()
    return ["".join(node.itertext()) for node in ElementTree.fromstring(data).iter(f"{SVG}text")]


def styles_of(path):
    """The style attribute of every line of an SVG."""
    return [node.get("style", "") for node in ElementTree.parse(path).iter(f"{SVG}path")]


@pytest.fixture(scope="module")
def example(tmp_path_factory):
    folder = tmp_path_factory.mktemp("figures")
    return drawn(example_source(), folder), folder


def test_the_index_names_every_file(example):
    rows, folder = example
    assert [row["figure"] for row in rows] == ["plate", *(f"curves_{n:03d}" for n in range(1, 7))]
    assert [row["sample"] for row in rows[1:]] == [sample.sample for sample in SAMPLES]
    assert [row["call"] for row in rows[1:]] == [sample.call for sample in SAMPLES]
    made = {path.name for path in folder.iterdir()}
    assert made == {"index.tsv"} | {
        f"{r['figure']}.{kind}" for r in rows for kind in ("svg", "png")
    }


def test_a_sample_shows_name_call_limit_threshold_and_every_well(example):
    found = texts(example[1] / "curves_003.svg")
    joined = " ".join(found)
    for expected in ("P-003", "mixed: Δ3-5 + Δ2-6", RUN, "Ct cut-off 33", "threshold 0.2", "Cycle"):
        assert expected in joined
    assert {"ΔRn, linear", "ΔRn, logarithmic"} <= set(found)
    # The third row of four wells on a plate of twelve columns.
    for expected in (
        "L.3/R-5: A9 Ct 29.58 (positive)",
        "L.2/R-5: A10 – (negative)",
        "L.2/R-6: A11 Ct 31.81 (positive)",
        "HK: A12 Ct 22.40 (positive)",
    ):
        assert expected in found


def test_a_review_is_told_by_word_and_sign(example):
    assert any("(review) ?" in text for text in texts(example[1] / "curves_006.svg"))
    assert any(text.endswith("?") for text in texts(example[1] / "plate.svg"))


@pytest.mark.parametrize("assay", ASSAYS)
def test_colour_and_dash_are_those_of_the_report(example, assay):
    style = STYLES[assay]
    lines = [text for text in styles_of(example[1] / "curves_001.svg") if style.colour in text]
    assert lines
    if not style.dash:
        return assert_solid(lines)
    dash = ",".join(f"{length:g}" for length in style.dash)
    assert any(f"stroke-dasharray: {dash}" in text for text in lines)
    return None


def assert_solid(lines):
    assert any("stroke-dasharray" not in text and "fill: none" in text for text in lines)


def test_pictures_are_fit_for_print(example):
    for path in example[1].glob("*.png"):
        with Image.open(path) as picture:
            assert picture.info["dpi"] == pytest.approx((300, 300), abs=0.1)
            assert picture.width >= 1800
            assert not set(picture.info) & {"Software", "date:create"}


def test_positive_and_negative_differ_in_grey(example):
    """The wells A1 (positive) and A2 (negative): mean brightness of a printed plate."""
    with Image.open(example[1] / "plate.png") as picture:
        grey = picture.convert("L")
    per_mm = 300 / 25.4
    means = []
    for column in (0, 1):
        left, top = (12 + column * 26 + 4) * per_mm, (28 + 7) * per_mm
        box = grey.crop((int(left), int(top), int(left + 18 * per_mm), int(top + 9 * per_mm)))
        means.append(sum(i * n for i, n in enumerate(box.histogram())) / box.width / box.height)
    assert means[1] - means[0] > 80


def test_the_text_of_an_svg_is_text_in_the_projects_fonts(example):
    svg = (example[1] / "curves_001.svg").read_text(encoding="utf-8")
    assert "P-001" in svg
    assert "'Noto Sans', 'Noto Sans SC'" in svg
    assert "<dc:date>" not in svg


def test_names_of_data_are_text_and_no_file_name(tmp_path):
    plate = [(name, Role.UNKNOWN, (25.0, None, None, 22.0)) for name in HOSTILE]
    reactions, curves, wells = plate_tables(plate)
    samples = [sample_of(name, "Δ3-5", ["Δ3-5"]) for name in HOSTILE]
    source = example_source(reactions=reactions, curves=curves, wells=wells, samples=samples)
    rows = drawn(replace(source, features=[]), tmp_path / "out")
    assert {path.stem for path in (tmp_path / "out").iterdir()} == {
        "index",
        *(r["figure"] for r in rows),
    }
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
    titles = [texts(tmp_path / f"out/{row['figure']}.svg") for row in rows[1:]]
    assert HOSTILE[0] in titles[0]
    assert HOSTILE[1] in titles[1]
    assert f"../../{'n' * 24}…{'n' * 30}" in titles[2]
    assert "U+202Eevil U+05E9U+05DCU+05D5U+05DD 李明U+000A2" in titles[3]
    for path in (tmp_path / "out").glob("*.svg"):
        tags = {node.tag.removeprefix(SVG) for node in ElementTree.parse(path).iter()}
        assert not tags & {"img", "image", "script", "a", "foreignObject"}
    cells = (tmp_path / "out/index.tsv").read_text(encoding="utf-8").split("\t")
    assert not [cell for cell in cells if cell.startswith("=")]


def test_a_sample_without_curves_says_so(tmp_path):
    reactions, _, wells = plate_tables(PLATE[:1])
    source = example_source(
        reactions=[replace(r, curve_kind=CurveKind.NONE) for r in reactions],
        curves=[],
        wells=[replace(w, curve=CurveClass.MISSING) for w in wells],
        samples=SAMPLES[:1],
    )
    rows = drawn(replace(source, features=[]), tmp_path)
    assert len(rows) == 2
    found = texts(tmp_path / "curves_001.svg")
    assert "No amplification curve was exported for these wells." in found
    assert "L.3/R-5: A1 Ct 24.72 (positive, no curve)" in found


def test_a_gap_is_no_line_and_a_lone_point_is_a_dot(tmp_path):
    reactions, curves, wells = plate_tables(PLATE[:1])
    values = list(curves[0].values)
    values[28] = values[30] = None  # cycle 30 stands alone
    curves[0] = replace(curves[0], values=tuple(values))
    source = example_source(reactions=reactions, curves=curves, wells=wells, samples=SAMPLES[:1])
    drawn(replace(source, features=[]), tmp_path)
    svg = (tmp_path / "curves_001.svg").read_text(encoding="utf-8")
    (tmp_path / "whole").mkdir()
    whole = plate_tables(PLATE[:1])[1]
    drawn(replace(source, features=[], curves=whole), tmp_path / "whole")
    before = (tmp_path / "whole/curves_001.svg").read_text(encoding="utf-8")
    # One dot on each of the two panels more, and one new beginning of the line on each.
    assert svg.count("<use ") == before.count("<use ") + 2


def test_a_run_of_nothing_gives_an_index_alone(tmp_path):
    source = example_source(reactions=[], curves=[], wells=[], samples=[])
    assert drawn(replace(source, features=[]), tmp_path) == []
    assert [path.name for path in tmp_path.iterdir()] == ["index.tsv"]


def test_the_primer_map_shows_exons_primers_alleles_and_sizes():
    found = texts(draw_panel(example_panel(), language="en", fonts=FONTS).svg)
    assert {"1", "2", "3", "4", "5", "6"} <= set(found)
    assert {"L.2", "L.3", "R-5", "R-6"} <= set(found)
    assert {"Δ3-5", "Δ2-5", "Δ2-6", "200–250", "190–230", "210–240"} <= set(found)
    assert any("R-6: 1 gap" in text for text in found)


def test_bars_of_the_map_are_to_scale():
    """Δ3-5 loses 1,020,101 to 1,049,919 of 60,000 positions, as the outer ends of the model say."""
    root = ElementTree.fromstring(draw_panel(example_panel(), language="en", fonts=FONTS).svg)
    boxes = []
    for node in root.iter(f"{SVG}path"):
        points = [
            float(n) for n in node.get("d").replace("M", " ").replace("L", " ").split() if n != "z"
        ]
        if "#12507b" in node.get("style", "") and "fill: none" in node.get("style", ""):
            boxes.append(max(points[::2]) - min(points[::2]))
    assert len(boxes) == 3
    assert boxes[0] / boxes[1] == pytest.approx((49920 - 20101) / (49920 - 10091), rel=0.002)


def test_the_same_bytes_in_another_process(example, tmp_path):
    code = (
        "from pathlib import Path; import sys; sys.path.insert(0, 'tests/unit');"
        "from report_example import FONTS, SAMPLES, example_panel, example_source;"
        "from breakpoint_pcr.figures.drawing import draw_panel, draw_run;"
        f"out = Path({str(tmp_path)!r});"
        "draw_run(example_source(samples=SAMPLES[:1]), fonts=FONTS, folder=out);"
        "p = draw_panel(example_panel(), language='en', fonts=FONTS);"
        "(out / 'map.svg').write_bytes(p.svg + p.png)"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo", "LC_ALL": "C.UTF-8"}
    subprocess.run([sys.executable, "-c", code], check=True, env=environment)
    for name in ("plate.svg", "plate.png", "curves_001.svg", "curves_001.png"):
        assert (tmp_path / name).read_bytes() == (example[1] / name).read_bytes(), name
    panel = draw_panel(example_panel(), language="en", fonts=FONTS)
    assert (tmp_path / "map.svg").read_bytes() == panel.svg + panel.png
    with Image.open(BytesIO(panel.png)) as picture:
        assert picture.width > 2000


@pytest.mark.parametrize("name", ["x" * 300, "李" * 100, "a李" * 40, "", "ab", "שלום" * 20])
def test_a_name_fits_its_room(name):
    assert width(LETTERING.name(name, 12)) <= 12


def test_lines_break_at_blanks_and_after_the_punctuation_of_hanzi():
    assert LETTERING.lines(["ab", "cd", "efg"], 5) == ["ab cd", "efg"]
    assert LETTERING.lines(["李明，李明。", "ab"], 8) == ["李明，", "李明。", "ab"]
    assert LETTERING.lines(["李，明", "ab"], 9) == ["李，明 ab"]


def test_a_short_name_keeps_its_end():
    assert LETTERING.name("LAB-2026-000123", 11) == "LAB-2…00123"
