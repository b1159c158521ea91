"""The PDF: reproducible, complete, and safe against whatever a name holds."""

import json
from dataclasses import replace
from io import BytesIO

import pikepdf
import pytest
from pdf_text import pages_of, squeezed
from report_example import (
    FONTS,
    RUN,
    example_record,
    example_source,
    level_source,
    plate_tables,
    sample_of,
)

from breakpoint_pcr.errors import BreakpointPcrError
from breakpoint_pcr.report.characters import read_coverage
from breakpoint_pcr.report.document import compose, document_text
from breakpoint_pcr.report.typesetting import typeset
from breakpoint_pcr.runs import Status
from breakpoint_pcr.tables import Role

COVERAGE = read_coverage(FONTS)
HOSTILE = [
    '#let x = panic("no") #x',
    "*bold* _it_ $a^2$ `raw` <label> @ref",
    "<script>alert(1)</script>",
    "\"quoted\" 'single' \\n \\u{41} {brace} [bracket]",
    "שלום \u202eevil",
    "emoji 😀 𠮷",
    "line\nbreak\ttab",
    "中\u0301 e\u0301",
    "// comment /* more */ = heading - list",
    "x" * 200,
]


def made(source):
    document = compose(source, COVERAGE)
    return document, typeset(document, fonts=FONTS)


@pytest.fixture(scope="module")
def example():
    return made(example_source())


def opened(pdf):
    return pikepdf.open(BytesIO(pdf))


def test_same_input_same_bytes(example):
    document, pdf = example
    assert typeset(json.loads(document_text(document)), fonts=FONTS) == pdf


def test_report_json_is_attached_unchanged(example):
    document, pdf = example
    with opened(pdf) as found:
        attached = found.attachments["report.json"]
        assert attached.get_file().read_bytes() == document_text(document).encode()
        assert attached.relationship == pikepdf.Name.Data
        assert attached.get_file().mime_type == "application/json"


def test_it_claims_the_standards_that_typst_checks(example):
    with opened(example[1]) as found:
        meta = found.open_metadata()
        assert (meta["pdfaid:part"], meta["pdfaid:conformance"]) == ("3", "A")
        assert meta["pdfuaid:part"] == "1"
        assert found.Root.MarkInfo.Marked
        assert found.Root.StructTreeRoot.K
        assert str(found.Root.Lang) == "en"
        assert found.docinfo["/Title"] == f"MADEUP1 deletion breakpoint PCR – run {RUN}"
        assert "20240301" in str(found.docinfo["/CreationDate"])


def test_outline_leads_to_each_sample(example):
    document, pdf = example
    with opened(pdf) as found, found.open_outline() as outline:
        titles = [item.title for item in outline.root]
    samples = [f"Sample {page['sample']}" for page in document["samples"]]
    assert [title for title in titles if title in samples] == samples
    assert {"Run report", "Primer verification in silico", "Traceability"} <= set(titles)


def test_figures_have_alt_texts_that_state_the_content(example):
    document, pdf = example
    with opened(pdf) as found:
        texts = [str(o.Alt) for o in found.objects if "/Alt" in (o if is_dict(o) else {})]
    figures = [page["figure"] for page in document["samples"]]
    wanted = [figure[scale]["alt"] for figure in figures for scale in ("linear", "logarithmic")]
    assert set(wanted) <= set(texts)
    assert document["primers"]["locus"]["alt"] in texts


def is_dict(item):
    return isinstance(item, pikepdf.Dictionary)


def test_one_page_per_sample_and_the_rest(example):
    """Two summary pages, one of primers, one of controls, one of findings and traceability."""
    with opened(example[1]) as found:
        assert len(found.pages) == 2 + 1 + 6 + 1 + 1


@pytest.fixture(scope="module")
def levelled():
    return made(level_source())


def test_standard_curves_add_one_page_and_levels_none(levelled):
    document, pdf = levelled
    pages = pages_of(pdf)
    assert len(pages) == 2 + 1 + 6 + 1 + 1 + 1
    assert squeezed("45 % (36–56 %), clonal") in pages[0]
    text = "".join(pages)
    for page in document["samples"]:
        for said in page["levels"]["sentences"] if page["levels"]["shown"] else []:
            assert squeezed(said["statement"]) in text
            assert squeezed(said["reason"]) in text
    assert "Standardcurves" in pages[-2]
    for row in document["standards"]["rows"]:
        assert squeezed(row["reason"]) in pages[-2]


def test_plots_of_standard_curves_have_alt_texts(levelled):
    document, pdf = levelled
    with opened(pdf) as found:
        texts = {str(o.Alt) for o in found.objects if "/Alt" in (o if is_dict(o) else {})}
    assert {plot["alt"] for plot in document["standards"]["plots"]} <= texts


def test_levels_are_reproducible_and_never_markup(levelled):
    document, pdf = levelled
    assert typeset(json.loads(document_text(document)), fonts=FONTS) == pdf
    source = level_source()
    evil = HOSTILE[1] + "x" * 90
    levels = [replace(row, statement=evil, reason=evil) for row in source.levels]
    standards = [replace(row, reason=evil, patient_ref=evil) for row in source.standards]
    changed = replace(source, levels=levels, standards=standards)
    assert made(changed)[1].startswith(b"%PDF")


def test_the_first_page_says_verdict_repeats_flags_and_calls(example):
    first = pages_of(example[1])[0]
    for heading in ("SOMEASSAYSINVALID", "Torepeat", "Flags:", "Callspersample"):
        assert heading in first


def test_every_page_carries_run_report_and_number(example):
    document, pdf = example
    pages = pages_of(pdf)
    for number, page in enumerate(pages, 1):
        assert RUN in page
        assert document["meta"]["report_id"] in page
        assert f"Page{number}of{len(pages)}" in page


def test_every_sentence_on_a_sample_is_printed(example):
    document, pdf = example
    text = "".join(pages_of(pdf))
    for page in document["samples"]:
        said = [page["interpretation"], page["basis"], *(f["sentence"] for f in page["flags"])]
        said += [*page["segment"]["descriptions"], *(e["reason"] for e in page["evidence"])]
        assert [sentence for sentence in said if squeezed(sentence) not in text] == []


def test_verdict_and_flags_come_before_the_calls(example):
    document, pdf = example
    pages = pages_of(pdf)
    text = "".join(pages)
    assert text.index("SOMEASSAYSINVALID") < text.index("Callspersample")
    for flag in document["overview"]["flags"]:
        assert squeezed(flag["sentence"]) in pages[0]


def test_a_rejected_run_is_one_page():
    record = example_record(status=Status.REJECTED, reason="export.txt: no column 'Ct'; do this")
    source = example_source(record=record, reactions=[], curves=[], wells=[], samples=[])
    _, pdf = made(replace(source, features=[], findings=[]))
    pages = pages_of(pdf)
    assert len(pages) == 1
    assert "RUNREJECTED" in pages[0]
    assert squeezed("export.txt: no column 'Ct'; do this") in pages[0]


def test_a_run_of_nothing_can_be_reported():
    record = example_record(files=(), laboratory=None, instrument="", run_date="", format="")
    source = example_source(record=record, reactions=[], curves=[], wells=[], samples=[])
    _, pdf = made(replace(source, features=[], findings=[]))
    with opened(pdf) as found:
        assert len(found.pages) >= 3


def test_names_are_never_markup():
    plate = [(name, Role.UNKNOWN, (25.0, None, None, 22.0)) for name in HOSTILE]
    reactions, curves, wells = plate_tables(plate)
    samples = [sample_of(name, "Δ3-5", ["Δ3-5"]) for name in HOSTILE]
    source = example_source(reactions=reactions, curves=curves, wells=wells, samples=samples)
    document, pdf = made(replace(source, features=[], laboratory=HOSTILE[0]))
    text = "".join(pages_of(pdf))
    for name in HOSTILE[:4]:
        assert squeezed(name) in text
    assert "U+202Eevil" in text
    assert "emojiU+1F600U+20BB7" in text
    assert "lineU+000Abreak" in text
    with opened(pdf) as found:
        attached = found.attachments["report.json"].get_file().read_bytes()
    kept = [page["sample"] for page in json.loads(attached)["samples"]]
    assert kept == HOSTILE
    assert document["meta"]["replaced"]["😀"] == "U+1F600"


def test_hostile_strings_everywhere_else():
    """Reasons, findings, files, operators and reviewers are text of the user too."""
    source = example_source()
    evil = "#panic() $x$ <a> *b* \\ 龑 \"'"
    findings = [replace(f, sentence=evil, subject=evil, code=evil) for f in source.findings]
    wells = [replace(w, reason=evil, curve_reasons=(evil,)) for w in source.wells]
    samples = [replace(s, reason=evil, evidence=evil, flags=(evil,)) for s in source.samples]
    record = replace(
        source.record,
        laboratory={evil: evil},
        instrument=evil,
        files=tuple(replace(f, name=evil) for f in source.record.files),
        overrides=tuple(replace(o, by=evil, reason=evil) for o in source.record.overrides),
    )
    changed = replace(source, findings=findings, wells=wells, samples=samples, record=record)
    assert made(changed)[1].startswith(b"%PDF")


def test_no_path_of_this_machine_is_in_the_pdf(example):
    with opened(example[1]) as found:
        data = b"".join(
            o.read_bytes() for o in found.objects if isinstance(o, pikepdf.Stream) and readable(o)
        )
    for secret in (str(FONTS), str(FONTS.parents[1]), "site-packages", ".typ"):
        assert secret.encode() not in data + example[1]


def readable(stream):
    return "/FontFile" not in str(stream.get("/Type", "")) and "/Subtype" not in stream


def test_missing_fonts_are_one_clear_line(tmp_path):
    document = compose(example_source(), COVERAGE)
    with pytest.raises(BreakpointPcrError, match=r"^report: "):
        typeset(document, fonts=tmp_path)


def test_many_wells_assays_and_samples():
    """384 wells with two reactions each."""
    plate = [(f"S{n:03}", Role.UNKNOWN, (None, 22.0)) for n in range(24)]
    reactions, curves, wells = plate_tables(plate, ["L.3/R-5", "HK"])
    record = example_record(plate_wells=384)
    samples = [sample_of(name, "negative") for name, _, _ in plate]
    source = example_source(reactions=reactions, curves=curves, wells=wells, samples=samples)
    _, pdf = made(replace(source, record=record, features=[], findings=[]))
    with opened(pdf) as found:
        assert len(found.pages) >= 24
