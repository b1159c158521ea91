"""Reports on one sample: nothing of another patient, safe file names, an index, the same bytes."""

import json
import re
from dataclasses import replace
from hashlib import sha256
from io import BytesIO

import pikepdf
import pytest
from pdf_text import pages_of, squeezed, text_of
from report_example import (
    FONTS,
    RUN,
    example_record,
    example_source,
    plate_tables,
    sample_of,
)

from breakpoint_pcr.report.characters import read_coverage
from breakpoint_pcr.report.per_sample import IssuedReport, documents, issue, safe_id
from breakpoint_pcr.runs import Override, SheetEntry, Status
from breakpoint_pcr.tables import Finding, Level, Role, read_table

COVERAGE = read_coverage(FONTS)
# Controls that a role pattern takes for controls, though they are patients, and one remark each.
PLATE = [
    ("MUELLER-1", Role.UNKNOWN, (24.719, None, None, 22.0)),
    ("Smith 1971", Role.UNKNOWN, (None, None, None, 23.1)),
    ("李明", Role.UNKNOWN, (29.58, None, 31.81, 22.4)),
    ("mueller-1", Role.UNKNOWN, (None, None, None, None)),
    ("PC Okafor", Role.POSITIVE_CONTROL, (25.1, 26.0, 25.9, 22.0)),
    ("NC-Rossi", Role.NEGATIVE_CONTROL, (30.5, None, None, 22.3)),
    ("NTC", Role.NTC, (None, None, None, None)),
]
PATIENTS = [name for name, role, _ in PLATE if role is Role.UNKNOWN]
SECRETS = {
    "MUELLER-1": ("MUELLER-1", "REF-77Q"),
    "Smith 1971": ("Smith 1971",),
    "李明": ("李明",),
    "mueller-1": ("mueller-1",),
    "controls": ("Okafor", "Rossi"),
    "remarks": ("Nakamura", "Abubakar", "export_Schmidt", "Petrova"),
}
HOSTILE = ["../../x", "x" * 200, "\u202eevil שלום", "con", "CON", "=1+1", "a/b\\c:d", "#panic()"]


def crowded_source():
    """Names of others stand in reasons, findings, decisions, file names and remarks."""
    reactions, curves, wells = plate_tables(PLATE)
    rossi = next(w for w in wells if w.sample == "NC-Rossi" and w.assay == "L.3/R-5")
    failed = f"wild-type control of L.3/R-5 {rossi.well} ({rossi.sample}: {rossi.reason})"
    wells = [replace(w, reason=f"{w.reason}; invalid: {failed}") for w in wells]
    signed = "Dr X, 2024-03-02: tube exchanged with the one of Petrova and Smith 1971"
    samples = [
        replace(
            sample_of(name, "Δ3-5", ["Δ3-5"]),
            reason=f"{failed}; compare Smith 1971 and 李明; set by {signed}",
            flags=("control_failed",),
        )
        for name in PATIENTS
    ]
    first = example_record()
    record = replace(
        first,
        files=tuple(replace(f, name="export_Schmidt.txt") for f in first.files),
        laboratory={
            "operator": "op-01",
            "comments": "thawed twice: Nakamura",
            "amendment": "Abubakar",
        },
        sheet=(
            SheetEntry("A1", sample="MUELLER-1", patient_ref="REF-77Q", specimen="blood"),
            SheetEntry("A1", assay="L.3/R-5", exclude="looks like smith 1971"),
        ),
        overrides=(Override("sample", "mueller-1", "", "Δ3-5", "Dr X", "2024-03-02", signed[18:]),),
    )
    alike = "the name differs from MUELLER-1 only in small letters"
    return example_source(
        record=record,
        reactions=reactions,
        curves=curves,
        features=[],
        wells=wells,
        samples=samples,
        findings=[
            Finding(Level.WARNING, "sample", "mueller-1", "names_alike", alike),
            Finding(Level.ERROR, "assay", "L.3/R-5", "wild_type_control_failed", failed),
            Finding(Level.WARNING, "run", RUN, "sample_missing", "not named: Abubakar"),
        ],
    )


@pytest.fixture(scope="module")
def issued(tmp_path_factory):
    folder = tmp_path_factory.mktemp("samples")
    issue(crowded_source(), folder, fonts=FONTS, coverage=COVERAGE)
    return folder


def files_of(folder):
    return {row.sample: folder / row.file for row in read_table(folder / "index.tsv", IssuedReport)}


def said_in(path):
    """Return all that a reader or a program finds in a PDF: text, metadata, attachments, tags."""
    text = text_of(path.read_bytes())
    with pikepdf.open(path) as pdf:
        attached = [a.get_file().read_bytes().decode() for a in pdf.attachments.values()]
        meta = [str(pdf.docinfo), str(pdf.open_metadata())]
        strings = [s for o in pdf.objects for s in strings_of(o)]
        with pdf.open_outline() as outline:
            titles = [item.title for item in outline.root]
    return "\n".join([text, squeezed(text), *attached, *meta, *strings, *titles])


def strings_of(item):
    if isinstance(item, pikepdf.Dictionary):
        return [str(v) for v in item.values() if isinstance(v, pikepdf.String)]
    return []


@pytest.mark.parametrize("sample", PATIENTS)
def test_no_other_name_is_anywhere_in_a_report(issued, sample):
    said = said_in(files_of(issued)[sample])
    assert SECRETS[sample][0] in said
    others = [name for owner, names in SECRETS.items() if owner != sample for name in names]
    assert [name for name in others if name in said or squeezed(name) in said] == []
    assert "smith 1971" not in said


def test_controls_appear_by_role_and_outcome(issued):
    said = said_in(files_of(issued)["MUELLER-1"])
    assert squeezed("(wild-type control: standard curve, Ct 30.5 below 33)") in squeezed(said)
    assert "[another sample]" in said
    assert squeezed("Controls failed or are missing. Affected assays: L.3/R-5.") in squeezed(said)


def test_a_decision_that_names_another_keeps_who_and_when(issued):
    document = next(d for d in documents(crowded_source(), COVERAGE) if name_of(d) == "mueller-1")
    (decision,) = document["trace"]["overrides"]
    assert (decision["by"], decision["date"]) == ("Dr X", "2 Mar 2024")
    assert decision["reason"] == "[reason in the report of the run]"


def name_of(document):
    (page,) = document["samples"]
    return page["sample"]


def test_a_number_in_a_sentence_is_no_name():
    """A sample called 36 or 2: Cts and counts of other reports stay."""
    plate = [("P-1", Role.UNKNOWN, (24.5, None, None, 22.0)), ("33", Role.UNKNOWN, (None,) * 4)]
    reactions, curves, wells = plate_tables(plate)
    samples = [sample_of(name, "negative") for name, _, _ in plate]
    source = example_source(reactions=reactions, curves=curves, wells=wells, samples=samples)
    first = next(documents(replace(source, features=[]), COVERAGE))
    assert first["samples"][0]["evidence"][0]["reason"] == "standard curve, Ct 24.5 below 33"


def test_index_says_what_was_issued(issued):
    rows = read_table(issued / "index.tsv", IssuedReport)
    assert [row.sample for row in rows] == PATIENTS
    assert {row.file for row in rows} | {"index.tsv"} == {p.name for p in issued.iterdir()}
    for row in rows:
        data = (issued / row.file).read_bytes()
        assert row.sha256 == sha256(data).hexdigest()
        assert (row.run, row.call) == (RUN, "Δ3-5")
        with pikepdf.open(BytesIO(data)) as pdf:
            attached = json.loads(pdf.attachments["report.json"].get_file().read_bytes())
        assert attached["meta"]["report_id"] == row.report
        assert [page["sample"] for page in attached["samples"]] == [row.sample]


def test_each_page_carries_sample_run_report_and_number(issued):
    rows = read_table(issued / "index.tsv", IssuedReport)
    pages = pages_of((issued / rows[0].file).read_bytes())
    for number, page in enumerate(pages, 1):
        for said in ("SampleMUELLER-1", RUN, rows[0].report, f"Page{number}of{len(pages)}"):
            assert said in page
    assert "blood" in pages[0]
    for heading in ("Method", "Limitations", "Primersinsilico", "Traceability", "Authorisedby"):
        assert heading in "".join(pages)


def test_it_is_tagged_and_named(issued):
    with pikepdf.open(files_of(issued)["李明"]) as pdf:
        meta = pdf.open_metadata()
        assert (meta["pdfaid:part"], meta["pdfaid:conformance"]) == ("3", "A")
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.docinfo["/Title"]).endswith(f"sample 李明, run {RUN}")


def test_same_input_same_bytes(issued, tmp_path):
    issue(crowded_source(), tmp_path, fonts=FONTS, coverage=COVERAGE)
    for path in issued.iterdir():
        assert (tmp_path / path.name).read_bytes() == path.read_bytes()


def test_file_names_are_safe_and_tell_nothing(tmp_path):
    plate = [(name, Role.UNKNOWN, (24.5, None, None, 22.0)) for name in HOSTILE]
    reactions, curves, wells = plate_tables(plate)
    samples = [sample_of(name, "Δ3-5", ["Δ3-5"]) for name in HOSTILE]
    source = example_source(reactions=reactions, curves=curves, wells=wells, samples=samples)
    issue(replace(source, features=[]), tmp_path / "out", fonts=FONTS, coverage=COVERAGE)
    names = [p.name for p in (tmp_path / "out").glob("*.pdf")]
    assert len(names) == len({name.casefold() for name in names}) == len(HOSTILE)
    assert all(re.fullmatch(r"[a-z2-7]{10}\.pdf", name) for name in names)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["out"]
    index = (tmp_path / "out" / "index.tsv").read_text(encoding="utf-8")
    assert "\t=1+1" not in index


def test_safe_id_is_the_start_of_a_digest():
    """printf 'r\\0s' | sha256sum | cut -c1-64 | tr a-f A-F | basenc --base16 -d | base32"""
    assert safe_id("r", "s") == "inxq4m662w"
    assert len({safe_id("r", "s"), safe_id("rs", ""), safe_id("r", "S")}) == 3


def test_a_sample_that_is_gone_leaves_no_report(tmp_path):
    source = crowded_source()
    issue(source, tmp_path, fonts=FONTS, coverage=COVERAGE)
    fewer = replace(source, samples=source.samples[:1])
    issue(fewer, tmp_path, fonts=FONTS, coverage=COVERAGE)
    assert {p.name for p in tmp_path.iterdir()} == {
        "index.tsv",
        f"{safe_id(RUN, PATIENTS[0])}.pdf",
    }


def test_a_rejected_run_issues_nothing(tmp_path):
    record = example_record(status=Status.REJECTED, reason="export.txt: damaged")
    source = example_source(record=record, reactions=[], curves=[], wells=[], samples=[])
    issue(replace(source, features=[], findings=[]), tmp_path, fonts=FONTS, coverage=COVERAGE)
    assert [p.name for p in tmp_path.iterdir()] == ["index.tsv"]
    assert read_table(tmp_path / "index.tsv", IssuedReport) == []


def test_what_to_repeat_stands_on_page_1(tmp_path):
    issue(example_source(), tmp_path, fonts=FONTS, coverage=COVERAGE)
    first = pages_of(files_of(tmp_path)["P-006"].read_bytes())[0]
    assert squeezed("L.2/R-6") in first.split("Torepeat")[1]


def untranslated(source):
    """Return what each sample's report says of sentences in English."""
    found = {}
    for document in documents(source, frozenset()):
        rows = document["findings"]
        said = [r["sentence"] for r in rows if r["code"] == "sentences_untranslated"]
        found[name_of(document)] = said
    return found


def test_sentences_shown_in_english_are_counted_for_their_sample_alone():
    plain = example_source(language="zh")
    first = plain.samples[0].sample
    odd = Finding(Level.INFO, "sample", first, "odd", "the moon was full")
    before = untranslated(plain)
    after = untranslated(replace(plain, findings=[*plain.findings, odd]))
    assert [name for name in before if before[name] != after[name]] == [first]
