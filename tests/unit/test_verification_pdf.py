"""verification.pdf: reproducible, complete, and safe against whatever a panel holds."""

import json
from io import BytesIO

import pikepdf
import pytest
from pdf_text import pages_of, squeezed
from verification_example import FONTS, full_panel, many, new_keys

from breakpoint_pcr.errors import BreakpointPcrError
from breakpoint_pcr.report.characters import read_coverage
from breakpoint_pcr.verification import compose, document_text, typeset

COVERAGE = read_coverage(FONTS)
HOSTILE = [
    '#let x = panic("no") #x',
    "*bold* _it_ $a^2$ `raw` <label> @ref",
    "<script>alert(1)</script>",
    "\"quoted\" 'single' \\n \\u{41} {brace} [bracket]",
    "emoji 😀 \U00020000 \u202eevil\nline\ttab",
    "// comment /* more */ = heading - list",
    "x" * 200,
    "long words " * 18,
]
# Texts that decide how something is drawn; all others are a user's.
CODES = {
    *("PASS", "CHECK", "FAIL", "primer", "probe", "breakpoint", "control_gene", "+", "-", ""),
    *("must", "may", "none", "never", "long product only", "depends on the breakpoints"),
    *("kept", "deleted", "warning", "error", "info", "F-R", "not searched", "not checked"),
}


def made(panel):
    document = compose(panel, language="en", versions={}, coverage=COVERAGE)
    return document, typeset(document, fonts=FONTS)


@pytest.fixture(scope="module")
def example():
    return made(full_panel())


def opened(pdf):
    return pikepdf.open(BytesIO(pdf))


def texts(value, key=""):
    """Yield what a reader must find, as it is printed."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from texts(inner, name)
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner, key)
    elif key in {"text", "head", "heads", "name", "note", "title", "items", "edits", "label"}:
        yield value


def test_same_input_same_bytes(example):
    document, pdf = example
    assert typeset(json.loads(document_text(document)), fonts=FONTS) == pdf


def test_panel_json_is_attached_as_it_was_written(example):
    with opened(example[1]) as found:
        attached = found.attachments["panel.json"]
        text = json.dumps(full_panel(), ensure_ascii=False, indent=1) + "\n"
        assert attached.get_file().read_bytes() == text.encode()
        assert attached.relationship == pikepdf.Name.Data


def test_it_claims_the_standards_that_typst_checks(example):
    with opened(example[1]) as found:
        meta = found.open_metadata()
        assert (meta["pdfaid:part"], meta["pdfaid:conformance"]) == ("3", "A")
        assert meta["pdfuaid:part"] == "1"
        assert found.Root.MarkInfo.Marked
        assert str(found.Root.Lang) == "en"
        title = "MADEUP1 deletion breakpoint PCR: primer verification, made_up 1"
        assert found.docinfo["/Title"] == title


def test_the_outline_names_every_section(example):
    document, pdf = example

    def titles(items):
        return [t for item in items for t in (item.title, *titles(item.children))]

    with opened(pdf) as found, found.open_outline() as outline:
        named = titles(outline.root)
    wanted = [part["title"] for part in document["sections"] if part["code"] != "summary"]
    assert [title for title in named if title in wanted] == wanted


def test_figures_have_alt_texts(example):
    with opened(example[1]) as found:
        dictionaries = (o for o in found.objects if isinstance(o, pikepdf.Dictionary))
        alts = " ".join(str(o.Alt) for o in dictionaries if "/Alt" in o)
    assert "Map of MADEUP1 with exons 1, 2, 3, 4, 5, 6" in alts
    assert "windows at base-pair scale" in alts
    assert "never seen: Δ1-1, Δ1-3, Δ3-3" in alts


def test_everything_that_was_composed_is_printed(example):
    document, pdf = example
    text = "".join(pages_of(pdf))
    shown = [squeezed(said) for said in texts(document["sections"][1:])]
    assert [said for said in shown if said not in text] == []
    # The alignment reads as three lines, from the 5' end on.
    assert "Primer5′ACGTTGCATGCAT-TGCAACG3′" in text
    assert "Site5′ACGTTGCATGCATGTGCAACG3′" in text


def test_every_page_carries_panel_report_and_number(example):
    document, pdf = example
    pages = pages_of(pdf)
    assert 2 <= len(pages) <= 6
    for number, page in enumerate(pages, 1):
        assert "made_up1" in page
        assert document["meta"]["report_id"] in page
        assert f"Page{number}of{len(pages)}" in page


def test_an_older_panel_json_can_be_typeset():
    panel = {key: value for key, value in full_panel().items() if key not in new_keys()}
    _, pdf = made({**panel, "off_targets": "not searched", "variants": "not checked"})
    text = "".join(pages_of(pdf))
    assert "Notsearched." in text
    assert "Notchecked." in text


@pytest.mark.parametrize(("primers", "assays"), [(1, 0), (2, 1), (24, 60)])
def test_panels_of_any_size(primers, assays):
    document, pdf = made(many(primers, assays))
    text = "".join(pages_of(pdf))
    shown = {squeezed(said) for said in texts(document["sections"][1:])}
    assert [said for said in shown if said not in text] == []


def hostile(value, evil, number):
    """Replace every text of a user, each by one of its own, the same wherever it stands."""
    if isinstance(value, dict):
        return {key: hostile(inner, evil, number) for key, inner in value.items()}
    if isinstance(value, list):
        return [hostile(inner, evil, number) for inner in value]
    if not isinstance(value, str) or value in CODES:
        return value
    return f"{evil} {number.setdefault(value, len(number))}"


@pytest.mark.parametrize("evil", HOSTILE, ids=lambda text: text[:12])
def test_texts_are_never_markup(evil):
    document, pdf = made(hostile(full_panel(), evil, {}))
    text = "".join(pages_of(pdf))
    replaced = (
        evil.replace("😀", "U+1F600").replace("\U00020000", "U+20000").replace("\u202e", "U+202E")
    )
    assert squeezed(replaced.replace("\n", "U+000A").replace("\t", "U+0009")) in text
    with opened(pdf) as found:
        attached = json.loads(found.attachments["panel.json"].get_file().read_bytes())
    assert attached == document["source"]


def test_many_exons_primers_of_a_hundred_bases_and_long_alignments():
    panel = full_panel()
    exons = [{"number": n, "start": 1000100 + 700 * n, "end": 1000150 + 700 * n} for n in range(80)]
    panel["reference"]["exons"] = exons
    row = panel["coverage"][4]
    panel["coverage"] = [
        {**row, "deletion": f"Δ{a}-{b}", "seen": "must" if a == 3 else "never", "recurrent": a == 3}
        for a in range(80)
        for b in range(a, 80)
    ]
    long = "ACGTTGCATG" * 10
    panel["primers"][3]["sequence"] = long
    panel["primers"][3]["sites"][0]["alignment"] = f"{long} / {'|' * 99}. / {long[:-1]}A"
    _, pdf = made(panel)
    text = "".join(pages_of(pdf))
    assert long in text


def test_no_path_of_this_machine_is_in_the_pdf(example):
    with opened(example[1]) as found:
        streams = [o for o in found.objects if isinstance(o, pikepdf.Stream)]
        data = b"".join(s.read_bytes() for s in streams if "/Subtype" not in s)
    for secret in (str(FONTS.resolve()), "site-packages", ".typ"):
        assert secret.encode() not in data + example[1]


def test_missing_fonts_are_one_clear_line(tmp_path):
    document = compose(full_panel(), language="en", versions={}, coverage=COVERAGE)
    with pytest.raises(BreakpointPcrError, match=r"^report: "):
        typeset(document, fonts=tmp_path)
