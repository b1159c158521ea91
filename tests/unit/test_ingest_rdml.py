"""RDML: hand-written files of every version, what is refused, and what the simulator writes."""

import io
import re
import zipfile

import pytest
from ingest_exports import (
    codes,
    folder_of,
    read_export,
    read_folder,
    rejection,
    sentences,
    settings,
)
from round_trips import MADE_UP, PANEL, PRODUCTS, STRICT, expected, found, plan, round_trip

from breakpoint_pcr.ingest.reading import read_run
from breakpoint_pcr.simulate.simulation import simulate_plate
from breakpoint_pcr.simulate.truth import FaultKind
from breakpoint_pcr.simulate.writers import rdml

PLATE_96 = "<pcrFormat><rows>8</rows><columns>12</columns></pcrFormat>"


def adp(*values):
    return "".join(
        f"<adp><cyc>{i}</cyc><tmp>60</tmp><fluor>{v}</fluor></adp>" for i, v in enumerate(values, 1)
    )


def data(target, cq="", *values, more=""):
    given = f"<cq>{cq}</cq>" if cq else ""
    return f'<data><tar id="{target}"/>{given}{more}{adp(*values)}</data>'


def react(name, sample, *found):
    return f'<react id="{name}"><sample id="{sample}"/>{"".join(found)}</react>'


def shape(rows, columns):
    return f"<pcrFormat><rows>{rows}</rows><columns>{columns}</columns></pcrFormat>"


def run(*reacts, name="run1", about=PLATE_96):
    return f'<run id="{name}">{about}{"".join(reacts)}</run>'


def document(*runs, head="", version="1.2"):
    return (
        f'<?xml version="1.0"?><rdml version="{version}" xmlns="http://www.rdml.org">{head}'
        f'<experiment id="E1">{"".join(runs)}</experiment></rdml>'
    )


def zipped(xml, name="rdml_data.xml", others=()):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for other in others:
            archive.writestr(other, f"<{other.partition('.')[0]}/>")
        archive.writestr(name, xml)
    return content.getvalue()


HEAD = (
    '<sample id="S1"><type>unkn</type></sample><sample id="W"><type>ntc</type></sample>'
    '<target id="F.4/R-7"><dyeId id="FAM"/></target><target id="ALB"><dyeId id="HEX"/></target>'
)
GOOD = document(
    run(
        react("1", "S1", data("F.4/R-7", "3.25", 0, 0, 0.1, 0.5, 1), data("ALB", "-1.0", 1, 1)),
        react("13", "W", data("F.4/R-7", "5.0", 0, 0, 0, 0, 0)),
        about="<instrument>Cycler 1</instrument><dataCollectionSoftware><name>Prog</name>"
        f"<version>2.1</version></dataCollectionSoftware>{PLATE_96}"
        "<runDate>2026-03-01T10:11:12</runDate>",
    ),
    head=HEAD,
)


def rows(export):
    return [(r.well, r.sample, r.target, r.dye, r.task, r.state, r.ct) for r in export.records]


def test_a_file(tmp_path):
    """React 13 of 12 columns is B1; 5.0 is the number of cycles: not reached."""
    export = read_export(tmp_path, zipped(GOOD))
    assert (export.format, export.ct_kind, export.plate_wells, export.n_cycles) == (
        ("rdml", "Cq", 96, 5)
    )
    assert (export.instrument, export.software, export.run_date) == (
        ("Cycler 1", "Prog 2.1", "2026-03-01")
    )
    assert rows(export) == [
        ("A1", "S1", "F.4/R-7", "FAM", "unkn", "ok", 3.25),
        ("A1", "S1", "ALB", "HEX", "unkn", "undetermined", None),
        ("B1", "W", "F.4/R-7", "FAM", "ntc", "undetermined", None),
    ]
    assert [r.ct_text for r in export.records] == ["3.25", "-1.0", "5.0"]
    assert [r.values for r in export.records] == [
        (0.0, 0.0, 0.1, 0.5, 1.0),
        (1.0, 1.0),
        (0.0,) * 5,
    ]
    assert {r.curve_kind for r in export.records} == {"raw"}
    assert export.noticed == ()


@pytest.mark.parametrize(
    "content",
    [
        GOOD,
        GOOD.encode("utf-8-sig"),
        GOOD.replace('<?xml version="1.0"?>', "").encode("utf-16"),
        GOOD.replace("><", ">\r<"),
        GOOD.replace("<", "<r:").replace("<r:/", "</r:").replace("<r:?", "<?")
        .replace("xmlns=", "xmlns:r="),
        zipped(GOOD, "any name.XML"),
        zipped(GOOD, others=("manifest.xml", "app_data.xml", "notes.txt")),
        b"PK\x07\x08" + zipped(GOOD),
    ],
    ids=["bare", "bom", "utf-16", "cr", "prefix", "name", "roche", "spanned marker"],
)  # fmt: skip
def test_one_content_in_many_wrappings(tmp_path, content):
    assert rows(read_export(tmp_path, content)) == rows(
        read_export(tmp_path, GOOD, name="other.xml")
    )


@pytest.mark.parametrize("version", ["1.0", "1.1", "1.2", "1.3", "1.4"])
def test_versions(tmp_path, version):
    export = read_export(tmp_path, GOOD.replace('version="1.2"', f'version="{version}"'))
    assert len(export.records) == 3


@pytest.mark.parametrize(
    ("cq", "ct", "text", "state"),
    [
        ("", None, "", "no_data"),
        ("<cq/>", None, "", "no_data"),
        ("<cq>-1</cq>", None, "-1", "undetermined"),
        ("<cq>NaN</cq>", None, "NaN", "undetermined"),
        ("<cq>0</cq>", None, "0", "undetermined"),
        ("<cq>100</cq>", None, "100", "undetermined"),
        ("<cq>INF</cq>", None, "INF", "undetermined"),
        ("<cq>-INF</cq>", None, "-INF", "undetermined"),
        ("<cq>3.0</cq>", None, "3.0", "undetermined"),
        ("<cq> 2.99 </cq>", 2.99, "2.99", "ok"),
        ("<cq>2.5E0</cq>", 2.5, "2.5E0", "ok"),
    ],
)
def test_faces_of_cq(tmp_path, cq, ct, text, state):
    reaction = f'<data><tar id="T"/>{cq}{adp(1, 2, 3)}</data>'
    export = read_export(tmp_path, document(run(react("1", "S", reaction))))
    (record,) = export.records
    assert (record.ct, record.ct_text, record.state, len(record.values)) == (ct, text, state, 3)
    missing = [f.code for f in export.noticed]
    assert missing == (["cq_missing"] if state == "no_data" else [])


def test_a_100_without_any_curve_is_not_reached(tmp_path):
    export = read_export(tmp_path, document(run(react("1", "S", data("T", "100")))))
    assert (export.records[0].ct, export.records[0].state) == (None, "undetermined")
    assert export.n_cycles is None


@pytest.mark.parametrize(
    ("excl", "state"),
    [("<excl>bad</excl>", "omitted"), ("<excl/>", "omitted"), ("<excl>false</excl>", "ok")],
)
def test_excluded_reactions_keep_their_data(tmp_path, excl, state):
    reaction = data("T", "2.5", 1, 2, 3, more=excl)
    (record,) = read_export(tmp_path, document(run(react("1", "S", reaction)))).records
    assert (record.state, record.ct, len(record.values)) == (state, 2.5, 3)


def test_a_program_that_writes_no_cq_where_none_was_reached(tmp_path):
    """CFX; but a target without any Cq was not analysed, and stays without data."""
    head = "<id><publisher>Bio-Rad Laboratories, Inc.</publisher></id>"
    method = "backgroundDeterminationMethod"
    about = f"<{method}>Baseline Subtracted Curve Fit</{method}>{PLATE_96}"
    reacts = (
        react("1", "S1", data("T", "2.5", 1, 2, 3), data("U", "", 1, 1, 1)),
        react("2", "S2", data("T", "", 0, 0, 0), data("U", "", 1, 1, 1)),
    )
    export = read_export(tmp_path, document(run(*reacts, about=about), head=head))
    assert [(r.well, r.target, r.state) for r in export.records] == [
        ("A1", "T", "ok"),
        ("A1", "U", "no_data"),
        ("A2", "T", "undetermined"),
        ("A2", "U", "no_data"),
    ]
    assert {r.curve_kind for r in export.records} == {"rfu"}
    assert [f.code for f in export.noticed] == ["cq_silent", "cq_missing"]
    plain = read_export(tmp_path, document(run(*reacts)))
    assert [r.state for r in plain.records] == ["ok", "no_data", "no_data", "no_data"]
    # Without a curve nothing tells that the well was measured at all.
    bare = document(run(reacts[0], react("2", "S2", data("T")), about=about), head=head)
    assert [r.state for r in read_export(tmp_path, bare).records] == ["ok", "no_data", "no_data"]


def test_names_of_lightcycler_96(tmp_path):
    """Samples and targets are UUIDs; the name is the description, or the part behind FAM@."""
    first, second = (f"9c93d5da-1797-44c1-b46c-05d501af4e2{n}" for n in (1, 2))
    head = (
        f'<sample id="{first}"><description>P 7</description><type>unkn</type></sample>'
        f'<sample id="{second}"><description/><type>ntp</type></sample>'
        '<target id="FAM@ALB"><dyeId id="FAM"/></target>'
        f'<target id="Hex@{first}"><dyeId id="Hex"/></target>'
        '<target id="FAM@X"><dyeId id="FAM"/></target><target id="Hex@X"><dyeId id="Hex"/></target>'
    )
    targets = ("FAM@ALB", f"Hex@{first}", "FAM@X", "Hex@X")
    reacts = (
        react("1", first, *(data(target, "2", 1, 2, 3) for target in targets)),
        react("2", second, data("FAM@ALB", "2", 1, 2, 3)),
    )
    export = read_export(tmp_path, document(run(*reacts), head=head))
    assert [(r.sample, r.target) for r in export.records] == [
        ("P 7", "ALB"),
        ("P 7", f"Hex@{first}"),
        ("P 7", "FAM@X"),
        ("P 7", "Hex@X"),
        ("", "ALB"),
    ]


def test_a_type_for_one_target(tmp_path):
    head = '<sample id="S"><type>unkn</type><type targetId="U">std</type></sample>'
    reacts = react("1", "S", data("T", "2", 1, 2, 3), data("U", "2", 1, 2, 3))
    export = read_export(tmp_path, document(run(reacts), head=head, version="1.2"))
    assert [r.task for r in export.records] == ["unkn", "std"]


def test_a_curve_of_blanks_is_none(tmp_path):
    reacts = (react("1", "S", data("T", "2", "NaN", "", "NaN")), react("2", "S", data("T", "", 1)))
    first, second = read_export(tmp_path, document(run(*reacts))).records
    assert (first.curve_kind, first.values) == ("none", ())
    assert (second.curve_kind, second.values) == ("raw", (1.0,))


def test_two_types_of_a_sample_decide_nothing(tmp_path):
    """The schema lets a sample have several; a control is none that is an unknown as well."""
    reacts = react("1", "S", data("ALB", "2", 1, 2, 3))
    for number, types in enumerate((("unkn", "ntc"), ("ntc", "unkn"), ("ntc", "ntc"))):
        head = f'<sample id="S">{"".join(f"<type>{t}</type>" for t in types)}</sample>'
        files = {"a.xml": document(run(reacts), head=head)}
        record, reactions, _ = read_folder(tmp_path, files, name=f"run-{number}")
        same = len(set(types)) == 1
        assert [r.role for r in reactions] == (["ntc"] if same else ["unknown"])
        assert ("task_unknown" in codes(record)) is not same


@pytest.mark.parametrize(
    ("told", "well"),
    [
        ("96-well plate; A1-H12", "A9"),
        ("48-well plate; A1-F8", "B1"),
        ("384-well plate; A1-P24", "A9"),
    ],
)
def test_a_plate_told_in_words(tmp_path, told, well):
    """RDML 1.0; the words are those of its schema."""
    about = f"<pcrFormat>{told}</pcrFormat>"
    xml = document(run(react("9", "S", data("T", "2", 1, 2, 3)), about=about), version="1.0")
    assert [r.well for r in read_export(tmp_path, xml).records] == [well]


@pytest.mark.parametrize(
    ("told", "iso"),
    [
        ("2026-03-01T10:11:12", "2026-03-01"),
        ("2026-03-01", "2026-03-01"),
        ("2026-13-01", ""),
        ("2026-02-30T10:11:12", ""),
        ("01.03.2026", ""),
    ],
)
def test_the_day_of_a_run(tmp_path, told, iso):
    about = f"{PLATE_96}<runDate>{told}</runDate>"
    xml = document(run(react("1", "S", data("T", "2", 1, 2, 3)), about=about))
    assert read_export(tmp_path, xml).run_date == iso


def test_blanks_around_names_are_none(tmp_path):
    head = '<sample id=" S "><type>std</type></sample><sample id=" E "><type>ntc</type></sample>'
    reacts = (react("1", " S ", data(" T ", "2", 1, 2, 3)), react("2", " E "))
    export = read_export(tmp_path, document(run(*reacts), head=head))
    assert rows(export) == [
        ("A1", "S", "T", "", "std", "ok", 2.0),
        ("A2", "E", "", "", "ntc", "empty", None),
    ]


def test_a_dye_as_text_and_wells_by_name(tmp_path):
    """RDML 1.0 of StepOne."""
    head = '<target id="T"><dyeId>VIC</dyeId></target>'
    about = "<pcrFormat>free format</pcrFormat>"
    reaction = data("T", "2", 1, 2, 3).replace("<cyc>1</cyc>", "<cyc>1.0</cyc>")
    xml = document(run(react("H12", "S", reaction), about=about), head=head, version="1.0")
    export = read_export(tmp_path, xml)
    assert [(r.well, r.dye, r.values) for r in export.records] == [("H12", "VIC", (1, 2, 3))]


def stepone(*pairs, version="1.0"):
    """Reacts A1, A2 … of (sample, target), as StepOne names them."""
    reacts = [
        react(f"A{n}", sample, data(target, "2", 1, 2, 3))
        for n, (sample, target) in enumerate(pairs, start=1)
    ]
    return document(run(*reacts, about="<pcrFormat>free format</pcrFormat>"), version=version)


def test_samples_that_stepone_names_by_their_targets(tmp_path):
    """One sample of two targets has two ids; a standard bears its quantity behind the target."""
    pairs = (
        *(("S_1_ALB", "ALB"), ("S_1_F.4/R-7", "F.4/R-7"), ("STD_ALB_5000.0", "ALB")),
        *(("x_ALB_ALB", "ALB"), ("x_ALBU_ALB", "ALB")),
    )
    export = read_export(tmp_path, stepone(*pairs))
    assert [r.sample for r in export.records] == ["S_1", "S_1", "STD_5000.0", "x_ALB", "x_ALBU"]
    assert [f.code for f in export.noticed] == ["samples_shortened"]


def test_samples_that_would_become_one_keep_their_names(tmp_path):
    pairs = (("A_ALB_1", "ALB"), ("A_1_ALB", "ALB"), ("A_1_F.4/R-7", "F.4/R-7"))
    export = read_export(tmp_path, stepone(*pairs))
    assert [r.sample for r in export.records] == [name for name, _ in pairs]
    assert export.noticed == ()


@pytest.mark.parametrize(
    "xml",
    [
        stepone(("S1_ALB", "ALB"), ("S2_ALB", "ALB")),  # one target: the ids are no puzzle
        stepone(("S1_ALB", "ALB"), ("S2", "F.4/R-7")),  # not all of them
        stepone(("S1_ALB", "ALB"), ("_F.4/R-7", "F.4/R-7")),  # nothing would be left
        stepone(("S1_ALB", "ALB"), ("S1_F.4/R-7", "F.4/R-7"), version="1.1"),
    ],
)
def test_other_samples_keep_their_ids(tmp_path, xml):
    export = read_export(tmp_path, xml)
    assert all(f'<sample id="{record.sample}"/>' in xml for record in export.records)
    assert export.noticed == ()


@pytest.mark.parametrize(
    ("about", "number", "well", "wells"),
    [
        ("<pcrFormat><rows>16</rows><columns>24</columns></pcrFormat>", 25, "B1", 384),
        ("<pcrFormat><rows>6</rows><columns>8</columns></pcrFormat>", 9, "B1", 48),
        ("<pcrFormat><rows>96</rows><columns>1</columns></pcrFormat>", 13, "B1", 96),
        ("<pcrFormat>384-well plate; A1-P24</pcrFormat>", 384, "P24", 384),
        (shape(2, 8), 9, "B1", 96),  # 16 tubes
        (shape(4, 6), 24, "D6", 96),
        (shape(1, 9), 9, "A9", 96),
        (shape(1, 1), 1, "A1", 96),
        (shape(48, 1), 9, "B1", 48),  # a rotor of Mic
        (shape(72, 1), 9, "B1", 96),  # a Rotor-Gene, eight to a letter
        (shape(100, 1), 100, "M4", 384),
        ("<pcrFormat>72-well rotor; 1-72</pcrFormat>", 72, "I8", 384),
        ("<pcrFormat>32-well rotor; 1-32</pcrFormat>", 32, "D8", 96),
    ],
)
def test_numbers_of_wells(tmp_path, about, number, well, wells):
    xml = document(run(react(str(number), "S", data("T", "2", 1, 2, 3)), about=about))
    export = read_export(tmp_path, xml)
    assert (export.records[0].well, export.plate_wells) == (well, wells)


def test_a_decimal_comma_is_decided_from_all_numbers(tmp_path):
    """Software of some countries writes one, which XML does not know; 1,234 is then no thousand."""
    reacts = react("1", "S", data("T", "2,5", "0,25", "1,234", 3), data("U", "-1,0", "1,5"))
    export = read_export(tmp_path, document(run(reacts)))
    assert [(r.ct, r.ct_text, r.values) for r in export.records] == [
        (2.5, "2,5", (0.25, 1.234, 3.0)),
        (None, "-1,0", (1.5,)),
    ]


@pytest.mark.parametrize("encoding", ["gb2312", "GB18030", "windows-1252", "shift_jis"])
def test_encodings_that_xml_declares(tmp_path, encoding):
    name = "Größe" if encoding == "windows-1252" else "山田"
    xml = GOOD.replace('id="S1"', f'id="{name}"').replace("?>", f" encoding='{encoding}'?>", 1)
    export = read_export(tmp_path, xml.encode(encoding))
    assert [r.sample for r in export.records] == [name, name, "W"]


def test_missing_cycles_stay_missing(tmp_path):
    reaction = data("T", "2", 1, 2, 3, 4).replace(
        "<adp><cyc>2</cyc><tmp>60</tmp><fluor>2</fluor></adp>", ""
    )
    export = read_export(tmp_path, document(run(react("1", "S", reaction))))
    assert export.records[0].values == (1, None, 3, 4)


def test_melting_is_passed_over(tmp_path):
    melt = "<mdp><tmp>60</tmp><fluor>9</fluor></mdp>" * 3
    export = read_export(
        tmp_path, document(run(react("1", "S", data("T", "2", 1, 2, 3, more=melt))))
    )
    assert export.records[0].values == (1, 2, 3)


def test_a_well_with_a_sample_and_no_reaction_is_empty(tmp_path):
    xml = document(run(react("1", "S", data("T", "2", 1, 2, 3)), react("2", "P"), react("3", "")))
    found = [(r.well, r.sample, r.state) for r in read_export(tmp_path, xml).records]
    assert found == [("A1", "S", "ok"), ("A2", "P", "empty")]


def dyes(second, name="Amp_HEX", about=PLATE_96, first=PLATE_96):
    one = run(react("1", "S1", data("F.4/R-7", "2", 1, 2, 3)), name="Amp_FAM", about=first)
    return document(one, run(*second, name=name, about=about), head=HEAD)


def test_runs_of_one_plate_are_joined(tmp_path):
    """One run a dye: the same wells, or a name that differs in the dye alone."""
    same = dyes([react("1", "S1", data("ALB", "2", 4, 5, 6))], name="anything")
    export = read_export(tmp_path, same)
    assert [(r.well, r.target, r.values) for r in export.records] == [
        ("A1", "F.4/R-7", (1, 2, 3)),
        ("A1", "ALB", (4, 5, 6)),
    ]
    assert [f.code for f in export.noticed] == ["runs_joined"]
    others = [react("2", "S2", data("ALB", "2", 4, 5, 6)), react("3", "S2", data("ALB", "2", 1, 1))]
    export = read_export(tmp_path, dyes(others))
    assert [r.well for r in export.records] == ["A1", "A2", "A3"]


OTHER_WELL = [react("2", "S2", data("ALB", "2", 4, 5, 6))]
SAME = react("1", "S1", data("F.4/R-7", "2", 1, 2, 3))


@pytest.mark.parametrize(
    ("xml", "reason"),
    [
        (
            dyes(OTHER_WELL, name="second"),
            "export: 2 runs .'Amp_FAM', 'second'.: react '[12]' is in "
            "one of them only; expected one plate; export each plate",
        ),
        (dyes(OTHER_WELL, name="Amp_2"), "react '[12]' is in one of them only"),
        (
            dyes([react("1", "S9", data("ALB", "2", 4, 5, 6))]),
            "react '1' holds 'S1' in one of them",
        ),
        (dyes(OTHER_WELL, about=""), "plates of two formats; expected one plate"),
        (
            dyes(OTHER_WELL, about=PLATE_96 + "<runDate>2026-01-01</runDate>"),
            "run on no date and 2026-01-01; expected one plate",
        ),
        (
            dyes(
                [react("1", "S1", data("ALB", "2", 4, 5, 6))],
                about=f"<instrument>two</instrument>{PLATE_96}",
                first=f"<instrument>one</instrument>{PLATE_96}",
            ),
            "instruments 'one', 'two'; expected one plate",
        ),
        (
            document(run(SAME), run(SAME, name="run2")),
            "well A1 has target 'F.4/R-7' twice .runs 'run1' and 'run2'.; expected one plate",
        ),
        (document(run(SAME, SAME)), "well A1 has target 'F.4/R-7' twice"),
        (
            GOOD.replace("</rdml>", '<experiment id="E2">' + run(SAME) + "</experiment></rdml>"),
            "experiments 'E1' and 'E2'; expected one plate",
        ),
        (document(run()), "RDML without reactions; export the run after"),
        (
            document(
                run(
                    react(
                        "1",
                        "S",
                        "<data><tar id='T'/><mdp><tmp>60</tmp><fluor>1</fluor></mdp></data>",
                    )
                )
            ),
            "neither Cq nor amplification curves .melt only.*; export",
        ),
        (document(run(react("1", "S", "<partitions/>"))), "digital PCR"),
        (
            document(run(SAME, about="")),
            "export line 1: react '1' is a number and the file does not tell the plate .pcrFormat",
        ),
        (
            document(run(SAME, about="<pcrFormat><rows>72</rows><columns>3</columns></pcrFormat>")),
            "a plate of 72 x 3 wells; expected at most 16 x 24, or a rotor of at most 100 tubes; e",
        ),
        (document(run(SAME, about=shape(32, 48))), "a plate of 32 x 48 wells; expected at most"),
        (document(run(SAME, about=shape(288, 1))), "a plate of 288 x 1 wells; expected at most"),
        (document(run(SAME, about=shape(-1, 1))), "does not tell the plate .pcrFormat"),
        (
            document(run(react("73", "S", data("T", "2", 1)), about=shape(72, 1))),
            "react id '73' is no tube of a rotor of 72",
        ),
        (
            document(run(react("17", "S", data("T", "2", 1)), about=shape(2, 8))),
            "react id '17' is no well of a 2x8 plate",
        ),
        (
            document(run(SAME, about="<pcrFormat>1536-well plate; A1-AF48</pcrFormat>")),
            "a plate of '1536-well plate; A1-AF48' wells; expected at most 16 x 24",
        ),
        (
            document(run(SAME, react("1", "S2", data("ALB", "2", 1, 2, 3)))),
            "^export: well A1 holds 'S1' and 'S2'; one sample a well expected; mend the export$",
        ),
        (
            document(run(SAME, about="<pcrFormat>single-well</pcrFormat>")),
            "a plate of 'single-well'",
        ),
        (document(run(react("97", "S", data("T", "2", 1)))), "react id '97' is no well of a 8x12"),
        (document(run(react("x", "S", data("T", "2", 1)))), "react id 'x' is no well"),
        (
            document(run(react("9" * 5000, "S", data("T", "2", 1)))),
            "react id '99999999999999999999'",
        ),
        (document(run(react("1", "S", data("T", "soon", 1)))), "Cq of A1 'T' is 'soon'; expected"),
        (
            document(run(react("1", "S", data("T", "36,512", 1)))),
            "Cq of A1 'T' is '36,512' may be a decimal or a thousands comma",
        ),
        (
            document(run(react("1", "S", data("T", "36,5", "1,234.5")))),
            "curve of 'T' in react '1': '1,234.5' may be a decimal or a thousands comma",
        ),
        (
            document(run(react("1", "S", data("T", "36,5", "1.5")))),
            "curve of 'T' in react '1': '1.5' has a point where the file's decimal mark is a comma",
        ),
        (document(run(react("1", "S", data("T", "2", "INF")))), "curve of 'T' .*: 'INF' is no num"),
        (
            document(run(react("1", "S", data("T", "2</cq><cq>3", 1)))),
            "two Cq for 'T' in react '1'",
        ),
        (
            document(run(react("1", "S", data("T", "2", "x")))),
            "curve of 'T' in react '1': 'x' is no",
        ),
        (
            document(run(react("1", "S", data("T", "2", 1, 2).replace("<cyc>2", "<cyc>1")))),
            "curve of 'T' in react '1': cycle 1 stands twice",
        ),
        (
            document(run(react("1", "S", data("T", "2", 1).replace("<cyc>1", "<cyc>1.5")))),
            "cycle '1.5'; expected a whole number from 1 to 200",
        ),
        (
            document(run(react("1", "S", data("T", "2", 1).replace("<cyc>1", "<cyc>1e9")))),
            "cycle '1e9'",
        ),
        (
            document(run(react("1", "S", "<sample id='P'/>" + data("T", "2", 1)))),
            "react '1' holds 'S' and 'P'",
        ),
        (document(run(SAME), head="<sample id='S'/><sample id='S'/>"), "sample 'S' stands twice"),
        (GOOD.replace('version="1.2"', 'version="2.0"'), "RDML version '2.0'; expected 1.0 to 1.4"),
        (GOOD[: len(GOOD) // 2], "export line 1: damaged XML .*; copy or export it again"),
        (GOOD.replace("S1", "S\0"), "damaged XML"),
        (GOOD.replace("?>", " encoding='klingon'?>", 1), "damaged XML|encoding"),
        (
            '<!DOCTYPE rdml [<!ENTITY a "b">]>' + GOOD[21:],
            "XML with a document type or entities; no",
        ),
        ('<!DOCTYPE rdml SYSTEM "file:///etc/passwd">' + GOOD[21:], "XML with a document type"),
        ("<rdml>&a;</rdml>", "damaged XML .undefined entity"),
        ("<rdml>" + "<a>" * 99 + "</a>" * 99 + "</rdml>", "more than .* XML elements or 50 levels"),
        (
            document(run(about=f"<instrument>{'x' * 200_000}</instrument>")),
            "more than 100000 letters in one XML element",
        ),
        (GOOD.replace("?>", " encoding='punycode'?>", 1), "XML in an encoding that cannot be read"),
        (GOOD.replace("?>", " encoding='gb2312'?>", 1).encode() + b"\xff", "XML in an encoding th"),
    ],
)
def test_what_is_refused(tmp_path, xml, reason):
    assert re.search(reason, rejection(tmp_path, {"export": xml}))


def test_two_documents_in_one_archive_are_refused(tmp_path):
    content = io.BytesIO(zipped(GOOD))
    with zipfile.ZipFile(content, "a") as archive:
        archive.writestr("second.xml", GOOD)
    reason = rejection(tmp_path, {"a.rdml": content.getvalue()})
    assert reason.startswith("a.rdml: RDML in 'rdml_data.xml', 'second.xml'; expected one of them")


def test_too_many_elements(tmp_path, monkeypatch):
    monkeypatch.setattr("breakpoint_pcr.ingest.formats.rdml_document.ELEMENTS_MAX", 10)
    assert "more than 10 XML elements" in rejection(tmp_path, {"a.rdml": zipped(GOOD)})


# What the simulator writes.


def write_dialect(tmp_path, dialect, samples=STRICT):
    """The plate, and record, reactions and curves of its file."""
    plate = simulate_plate(plan(samples=samples, format="rdml"), panel=MADE_UP, products=PRODUCTS)
    folder = folder_of(tmp_path, {}, "made-up")
    rdml.write(folder / "a.rdml", plate, rdml.DIALECTS[dialect])
    return plate, read_run(folder, panel=PANEL, settings=settings())


@pytest.mark.parametrize("dialect", rdml.DIALECTS)
def test_every_dialect_comes_back(tmp_path, dialect):
    plate, (record, reactions, curves) = write_dialect(tmp_path, dialect)
    assert (record.status, record.format, record.plate_wells) == ("read", "rdml", 96)
    curve = 2 if rdml.DIALECTS[dialect].subtracted else 1
    assert found(reactions, curves) == expected(plate, curve=curve)
    omitted = [t.well for r in plate.reactions if (t := r.tube).fault(FaultKind.OMITTED)]
    assert [r.well for r in reactions if r.state == "omitted"] == omitted
    assert {r.state for r in reactions} <= {"ok", "undetermined", "omitted", "no_data"}
    assert ("cq_silent" in codes(record)) is (dialect == "cfx")
    # P1 has no curve of its own only where the plan says so; a Cq that is not there needs a curve.
    bare = {t.well for r in plate.reactions if (t := r.tube).fault(FaultKind.MISSING_CURVE)}
    assert {r.well for r in reactions if r.state == "no_data"} <= bare
    roles = {"NTC": "ntc", "PC": "positive_control"}
    assert {r.sample: r.role for r in reactions} == {
        name: roles.get(name, "unknown") for name in {r.sample for r in reactions}
    }


def test_the_registered_writer(tmp_path):
    plate, folder, (record, reactions, curves) = round_trip(tmp_path, "rdml")
    assert (folder / "made-up.rdml").is_file()
    assert found(reactions, curves) == expected(plate, curve=1)
    assert not {"cq_missing", "ct_beyond_cycles"} & set(codes(record))


def test_a_cq_beyond_the_cycles_is_a_finding(tmp_path):
    """LightCycler 96 extrapolates: 68.85 of 50 cycles in a real file."""
    xml = document(run(react("1", "S", data("T", "6.5", 1, 2, 3), data("U", "100", 1, 2, 3))))
    record, reactions, _ = read_folder(tmp_path, {"a.xml": xml})
    assert [r.ct for r in reactions] == [None, None]
    assert sentences(record, "ct_beyond_cycles") == [
        "A1 T: Ct 6.5 lies beyond the 3 cycles run and counts as not reached"
    ]
