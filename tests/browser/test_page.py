"""index.html in a browser: clicks, keys, filters, curves, hostile names, no network."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from summary_example import HOSTILE, made_up_panel, sample, well, write_run, write_traces

from breakpoint_pcr.runs import RunRecord, Status
from breakpoint_pcr.summary import SummarySource, summarise
from breakpoint_pcr.tables import CurveKind, Finding, Level, Outcome, Role

CHROMIUM = shutil.which("chromium")
playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
pytestmark = pytest.mark.skipif(not CHROMIUM, reason="chromium is not installed")

LABEL = "Δ2-5"
NAMES = [*HOSTILE, "__proto__", "constructor", "", "O'Neil \\ 喆"]
CYCLES = 40
ISLANDS = 3  # runs with a plate


def amplified(start, ct, height=3.0, slope=0.002):
    """A sigmoid curve on a sloping baseline."""
    return [
        start + slope * cycle + height / (1 + 2.718281828 ** -(0.6 * (cycle + 1 - ct - 5)))
        for cycle in range(CYCLES)
    ]


def first_run(base):
    """Raw Rn, so that there is a baseline to subtract: A1 positive, A2 flat, B1 with two assays."""
    wells = [
        well("first", "A1", "S-1", "L/R", Role.UNKNOWN, 25.0),
        well("first", "A2", "S-1", "M/R", Role.UNKNOWN, None, Outcome.NEGATIVE),
        well("first", "B1", "S-2", "L/R", Role.UNKNOWN, 36.0, Outcome.REVIEW),
        well("first", "B1", "S-2", "REF", Role.UNKNOWN, 22.0),
        well("first", "H12", "NTC", "L/R", Role.NTC, None, Outcome.NEGATIVE),
        well("first", "G12", "NTC", "M/R", Role.NTC, 30.0, Outcome.POSITIVE),
        well("first", "G11", "WT", "REF", Role.NEGATIVE_CONTROL, 21.0, Outcome.POSITIVE),
    ]
    samples = [
        sample("first", "S-1", LABEL, deletions=(LABEL,), cts={"L/R": "25.0"}),
        sample("first", "S-2", "inconclusive", candidates=(LABEL, "negative"), reason="why so"),
    ]
    record = RunRecord("first", Status.READ, run_date="2026-03-01")
    found = [Finding(Level.WARNING, "well", "B1", "late", "B1 late")]
    folder = write_run(base, record, wells=wells, samples=samples, findings=found)
    flat = [1.0 + 0.002 * cycle for cycle in range(CYCLES)]
    curves = [amplified(1.0, 25), flat, amplified(1.1, 36), amplified(1.2, 22), flat]
    lines = [(1.0, 0.002), (1.0, 0.002), (1.1, 0.002), (1.2, 0.002), (1.0, 0.002)]
    write_traces(folder, wells, curves, kind=CurveKind.RN, baselines=lines)
    (folder / "samples").mkdir()
    index = folder / "samples" / "index.tsv"
    index.write_text("run\tsample\tfile\nfirst\tS-1\tabc234.pdf\n", encoding="utf-8")
    return folder


def second_run(base):
    """A repeat of S-1 with another call, corrected by the instrument."""
    wells = [well("second", "A1", "S-1", "L/R", Role.UNKNOWN, None, Outcome.NEGATIVE)]
    record = RunRecord("second", Status.READ, run_date="2026-04-01 08:00")
    folder = write_run(base, record, wells=wells, samples=[sample("second", "S-1", "negative")])
    write_traces(folder, wells, [[0.001 * (-1) ** cycle for cycle in range(CYCLES)]])
    return folder


def hostile_run(base):
    wells = [
        well("third", f"C{place}", name, "L/R", Role.UNKNOWN, 20.0 + place)
        for place, name in enumerate(NAMES, 1)
    ]
    samples = [
        sample("third", name, "negative", flags=(name.replace(";", ""),), reason=name)
        for name in NAMES
        if name
    ]
    record = RunRecord("third", Status.READ, run_date="no date <b>")
    folder = write_run(base, record, wells=wells, samples=samples)
    write_traces(folder, wells, [amplified(0.0, 20 + place) for place in range(len(NAMES))])
    return folder


@dataclass
class Seen:
    """What the browser complained about or asked for."""

    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    base = tmp_path_factory.mktemp("page")
    rejected = RunRecord("broken", Status.REJECTED, "export.xls: empty", run_date="2026-02-01")
    folders = (first_run(base), second_run(base), hostile_run(base), write_run(base, rejected))
    output = base / "summary"
    output.mkdir()
    index = folders[0] / "samples" / "index.tsv"
    summarise(SummarySource(folders, made_up_panel(), 33.5, "en", output, (index,)))
    return (output / "index.html").as_uri()


@pytest.fixture(scope="module")
def browser():
    with playwright.sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


def visit(browser, address, size) -> Iterator:
    seen = Seen()
    page = browser.new_page(viewport=size)
    page.on("console", lambda message: seen.complaints.append(message.text))
    page.on("pageerror", lambda error: seen.complaints.append(str(error)))
    page.on("dialog", lambda dialog: seen.complaints.append(f"dialog {dialog.message}"))
    page.on("request", lambda request: seen.requests.append(request.url))
    page.goto(address)
    yield page
    page.close()
    assert seen.complaints == []
    outside = [url for url in seen.requests if url != address and not url.startswith("data:")]
    assert outside == []


@pytest.fixture
def page(browser, address):
    yield from visit(browser, address, {"width": 1280, "height": 900})


@pytest.fixture
def tablet(browser, address):
    yield from visit(browser, address, {"width": 768, "height": 1024})


def names(page, section):
    """The first words of the rows that are shown; their text, whether or not it is laid out yet."""
    return page.locator(f"#{section} tbody tr:not([hidden]) th").all_text_contents()


def open_first(page):
    page.locator("#runs button.open", has_text="first").click()


def drawn(page):
    """Numbers of series and of coloured pixels of the figure."""
    return page.evaluate(
        """() => {
          const canvas = document.querySelector("#curve canvas");
          if (!canvas || !plot) return [0, 0];
          const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
          let inked = 0;
          for (let i = 3; i < data.length; i += 4) inked += data[i] > 0;
          return [plot.series.length, inked];
        }"""
    )


def test_samples_that_need_review_stand_first(page):
    assert names(page, "standing")[:2] == ["S-1", "S-2"]
    first = page.locator("#standing tbody tr").first
    assert "runs contradict" in first.inner_text()
    runs = first.locator("li").all_inner_texts()
    assert [" ".join(text.split()) for text in runs] == [
        f"first PDF {LABEL}",
        "second PDF none detected",
    ]


def test_filter_by_call_state_and_date(page):
    page.select_option("#call", "inconclusive")
    assert names(page, "results") == ["S-2"]
    page.select_option("#call", "")
    page.select_option("#state", "contradict")
    assert [name.split()[0] for name in names(page, "results")] == ["S-1", "S-1"]
    page.select_option("#state", "rejected")
    assert names(page, "results") == []
    assert names(page, "runs") == ["broken"]
    page.select_option("#state", "")
    page.fill("#from", "2026-03-02")
    assert names(page, "runs") == ["second"]
    page.fill("#from", "2026-03-01")
    page.fill("#to", "2026-03-01")
    assert names(page, "runs") == ["first"]
    assert page.locator("#date-note").is_visible()
    page.locator("button[type=reset]").click()
    # Polled from outside: the page's policy allows no script to be evaluated in it.
    playwright.expect(page.locator("#runs tbody tr:not([hidden])")).to_have_count(4)


def test_search_finds_names_reasons_and_says_how_many(page):
    page.fill("#search", "why SO")
    assert names(page, "results") == ["S-2"]
    assert page.inner_text("#shown").startswith("1 of ")
    page.fill("#search", "no such thing")
    assert "Nothing to show" in page.inner_text("#standing")


def test_a_click_on_a_run_shows_its_plate_and_all_curves(page):
    open_first(page)
    assert page.locator("#viewer").is_visible()
    assert page.locator("#plate tbody td").count() == 96
    assert page.locator("#plate td.well:not(.empty)").count() == 6
    assert page.locator("#plate td.control").count() == 3
    blank = page.locator("#plate td[data-well=G12]")
    assert blank.inner_text().split() == ["NTC", "▲30.00"]
    assert page.inner_text("#plate td[data-well=G11]").split() == ["WT", "21.00"]
    assert "no-template control" in blank.get_attribute("aria-label")
    series, inked = drawn(page)
    assert series == 1 + 5 + 1  # cycles, five curves, one threshold
    assert inked > 1000
    assert page.locator("#viewer-links a").first.get_attribute("href") == "../runs/first/report.pdf"


def test_a_click_on_a_well_shows_its_curve_as_measured(page):
    open_first(page)
    page.locator("#plate td[data-well=A1]").click()
    assert page.inner_text("#curve-title") == "Curves: A1, S-1"
    values = page.evaluate("plot.data.map((line) => Array.from(line))")
    assert values[0] == list(range(1, CYCLES + 1))
    line = [value - 1.0 - 0.002 * cycle for cycle, value in enumerate(amplified(1.0, 25))]
    assert values[1] == pytest.approx(line, abs=1e-3)
    assert set(values[2]) == {0.2}  # the threshold
    page.locator("input[value=exported]").check()
    values = page.evaluate("plot.data.map((line) => Array.from(line))")
    assert values[1] == pytest.approx(amplified(1.0, 25), abs=1e-3)
    assert values[2] == pytest.approx([1.0 + 0.002 * cycle for cycle in range(CYCLES)])
    assert "threshold applies" in page.inner_text("#curve-note")


def test_log_scale_breaks_the_line_at_zero(page):
    open_first(page)
    page.locator("#plate td[data-well=A2]").click()
    assert page.evaluate("plot.scales.y.distr") == 1
    page.locator("input[value=log]").check()
    assert page.evaluate("plot.scales.y.distr") == 3
    assert page.evaluate("plot.data.slice(1).flat().every((v) => v === null || v > 0)")
    assert "logarithmic" in page.locator("#curve").get_attribute("aria-label")


def test_cut_off_is_drawn_for_breakpoint_assays_only(page):
    """The limit's colour #a00f38 stands in the canvas, or not for a control gene alone."""
    limit = """() => {
      const canvas = document.querySelector("#curve canvas");
      const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
      for (let i = 0; i < data.length; i += 4) {
        if (data[i] === 160 && data[i + 1] === 15 && data[i + 2] === 56) return true;
      }
      return false;
    }"""
    open_first(page)
    page.locator("#plate td[data-well=A1]").click()
    assert page.evaluate(limit)
    page.evaluate(
        """() => drawCurves(opened.plate, opened.plate.reactions.filter((r) => r.assay === "REF"),
          { log: false, values: "corrected" })"""
    )
    assert not page.evaluate(limit)


def test_corrected_exports_have_nothing_to_choose(page):
    page.locator("#runs button.open", has_text="second").click()
    assert page.locator("input[value=exported]").is_disabled()
    assert "baseline subtracted" in page.inner_text("#curve-note")


def test_a_sample_opens_its_wells_in_the_run(page):
    page.locator("#results button.sample", has_text="S-1").last.click()
    assert page.inner_text("#curve-title") == "Curves: S-1"
    chosen = page.locator("#plate td[aria-selected=true]")
    assert [cell.get_attribute("data-well") for cell in chosen.all()] == ["A1", "A2"]
    assert page.locator("#viewer-links a").first.get_attribute("href").endswith("/abc234.pdf")
    page.locator("#plate td[data-well=H12]").click(modifiers=["Control"])
    assert page.locator("#plate td[aria-selected=true]").count() == 3


def test_everything_by_keyboard(page):
    page.locator("#runs button.open", has_text="first").focus()
    page.keyboard.press("Enter")
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.dataset.well"):
            break
    assert page.evaluate("document.activeElement.dataset.well") == "A1"
    page.keyboard.press("Enter")
    assert page.inner_text("#curve-title") == "Curves: A1, S-1"
    page.keyboard.press("ArrowRight")
    assert page.inner_text("#curve-title") == "Curves: A2, S-1"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowLeft")
    assert page.inner_text("#curve-title") == "Curves: B1, S-2"
    page.keyboard.press("ArrowLeft")  # the edge of the plate holds
    assert page.evaluate("document.activeElement.dataset.well") == "B1"
    page.keyboard.press("Control+End")
    assert page.inner_text("#curve-title") == "Curves: H12, NTC"
    page.keyboard.press("ArrowUp")
    assert page.inner_text("#curve-title") == "Curves: G12, NTC"
    assert "No curve" in page.inner_text("#curve-note")
    page.keyboard.press("Escape")
    assert not page.locator("#viewer").is_visible()
    assert page.evaluate("document.activeElement.dataset.open") is not None


def test_older_and_newer_runs(page):
    open_first(page)
    page.locator("#newer").click()
    assert "second" in page.inner_text("#viewer-title")
    assert page.locator("#newer").is_disabled()


def test_hostile_names_stay_text(page):
    assert page.locator("script").count() == 3 + ISLANDS
    page.locator("#runs button.open", has_text="third").click()
    said = page.locator("#reactions tbody tr td:nth-child(2) bdi").all_text_contents()
    assert said == NAMES
    assert page.locator("#plate-sample option").count() == 2 + len(NAMES)
    for place, name in enumerate(NAMES):
        page.select_option("#plate-sample", str(place))
        assert page.locator("#curve-title bdi").text_content() == (name or "–")
    assert page.locator("script").count() == 3 + ISLANDS
    assert page.locator("img").count() == 1
    flags = page.locator("#results .chip bdi").all_text_contents()
    assert "constructor" in flags
    assert page.evaluate("document.title") == "Toy panel: all runs"


def test_a_tablet_needs_no_sideways_scrolling(tablet):
    sides = "(e => [e.scrollWidth, e.clientWidth])"
    wide, room = tablet.evaluate(f"{sides}(document.documentElement)")
    assert wide <= room
    tablet.locator("#runs button.open", has_text="third").click()
    wide, room = tablet.evaluate(f"{sides}(document.getElementById('viewer'))")
    assert wide <= room
    assert drawn(tablet)[1] > 1000
    tablet.locator("#plate td[data-well=C3]").click()
    box = tablet.locator("#curve canvas").bounding_box()
    assert box["x"] + box["width"] <= 768
