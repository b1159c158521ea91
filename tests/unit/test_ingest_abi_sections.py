"""Sectioned text of 7500, StepOne and Flex: small exports written here."""

import pytest
from ingest_exports import (
    CURVES,
    FLAT,
    HEADER,
    PLAIN,
    RESULTS,
    RISING,
    abi,
    curve,
    read_export,
    rejection,
    result,
    workbook,
)

from breakpoint_pcr.ingest.export import Record
from breakpoint_pcr.tables import CurveKind, State


def test_a_plain_export(tmp_path):
    export = read_export(tmp_path, PLAIN)
    head = (export.format, export.ct_kind, export.instrument, export.run_date, export.chemistry)
    assert head == ("abi_sections", "Ct", "Applied Biosystems 7500", "2026-03-01", "TAQMAN")
    assert (export.passive_reference, export.plate_wells, export.n_cycles) == ("ROX", 96, 5)
    assert export.noticed == ()
    fit = {
        "threshold": 0.2,
        "baseline_start": 1,
        "baseline_end": 2,
        "curve_kind": CurveKind.DELTA_RN,
    }
    first = Record(
        "A1", "S1", "F.4/R-7", "UNKNOWN", "FAM", State.OK, 3.25, "3.25", values=RISING, **fit
    )
    word = "Undetermined"
    state = State.UNDETERMINED
    second = Record("A2", "S1", "ALB", "UNKNOWN", "FAM", state, None, word, values=FLAT, **fit)
    assert export.records == (first, second)


@pytest.mark.parametrize("ends", ["\r", "\r\n", "\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_line_ends_and_encodings(tmp_path, ends, encoding):
    content = PLAIN.replace("\n", ends).encode(encoding)
    assert read_export(tmp_path, content).records == read_export(tmp_path, PLAIN, name="b").records


def test_latin_1_is_read_with_a_finding(tmp_path):
    text = abi(result("A1", "Müller", "T", "3.2")).replace("т", "T").replace("Δ", "d")
    export = read_export(tmp_path, text.encode("cp1252"))
    assert export.records[0].sample == "Müller"
    assert [finding.code for finding in export.noticed] == ["encoding_guessed"]


def test_tabs_and_decimal_commas(tmp_path):
    plain = abi(result("A1", "S1", "T", "19.7085"), result("A2", "S2", "T", "3.2"))
    text = plain.replace(",", "\t").replace("19.7085", "19,7085").replace("3.2", "3,2")
    text = text.replace("\t0.2\t", "\t1915,4797\t")
    records = read_export(tmp_path, text).records
    assert [(r.ct, r.ct_text, r.threshold) for r in records] == [
        (19.7085, "19,7085", 1915.4797),
        (3.2, "3,2", 1915.4797),
    ]


def test_thousands_commas_of_another_section_decide(tmp_path):
    text = abi(result("A1", "S1", "T", "27.983")).replace(",", "\t")
    text = text.replace("\t0.2\t", "\t1,504\t") + "\n[Raw Data]\nWell\tCycle\n1\t882,830.500\n"
    assert read_export(tmp_path, text).records[0].threshold == 1504.0


def test_an_open_comma_is_not_guessed(tmp_path):
    text = abi(result("A1", "S1", "T", "19.708")).replace(",", "\t").replace("19.708", "19,708")
    assert rejection(tmp_path, {"a.txt": text}) == (
        "a.txt [Results] line 9: Ct of A1 is '19,708' may be a decimal or a thousands comma; "
        "export again with a decimal point"
    )


def test_numbers_for_wells_and_duplicate_columns(tmp_path):
    text = (
        "* Block Type = 384-Well Block\n\n[Results]\n"
        "Well\tWell Position\tOmit\tSample Name\tTarget Name\tTarget Name\tCT\tTask\n"
        "25\tB1\tfalse\tS1\tALB\tother\t20.5\tNTC\n26.0\tB2\ttrue\tS1\tALB\tother\t21\tUNKNOWN\n"
        "\n[Amplification Data]\nWell\tCycle\tTarget Name\tRn\tDelta Rn\n"
    )
    text += "".join(f"25\t{i}\tALB\t1.0\t{i / 10}\n" for i in range(1, 31))
    export = read_export(tmp_path, text)
    assert [(r.well, r.target, r.state, r.ct, len(r.values)) for r in export.records] == [
        ("B1", "ALB", State.OK, 20.5, 30),
        ("B2", "ALB", State.OMITTED, 21.0, 0),
    ]
    assert export.plate_wells == 384


def test_rn_serves_where_no_delta_rn_is_exported(tmp_path):
    text = abi(result("A1", "S1", "T", "3.2")) + "[Amplification Data]\nWell,Cycle,Target Name,Rn\n"
    text += "".join(f"A1,{i},T,{1 + v}\n" for i, v in enumerate(RISING, 1))
    record = read_export(tmp_path, text).records[0]
    assert (record.curve_kind, record.values) == (CurveKind.RN, (1.0, 1.0, 1.1, 1.5, 2.0))


def test_a_missing_cycle_stays_missing(tmp_path):
    text = abi(result("A1", "S1", "T", "3.2"), curves=curve("A1", "T", RISING))
    text = text.replace("A1,2,T,1.0,0.0\n", "").replace("A1,3,T,1.1,0.1\n", "A1,3,T,1.1,\n")
    assert read_export(tmp_path, text).records[0].values == (0.0, None, None, 0.5, 1.0)


def test_what_is_set_up_and_not_in_the_results_is_omitted(tmp_path):
    setup = "A1,S1,T,UNKNOWN,FAM\nA2,S2,T,NTC,VIC\nA3,,,,\n"
    curves = (
        curve("A1", "T", RISING) + curve("A2", "T", FLAT) + curve("B9", "T", FLAT) + "A3,1,,,\n"
    )
    text = abi(result("A1", "S1", "T", "3.2"), setup=setup, curves=curves)
    export = read_export(tmp_path, text)
    found = [(r.well, r.sample, r.task, r.dye, r.state, len(r.values)) for r in export.records]
    assert found[1:] == [
        ("A2", "S2", "NTC", "VIC", State.OMITTED, 5),
        ("B9", "", "", "", State.OMITTED, 5),
    ]
    assert [finding.sentence for finding in export.noticed] == [
        "set up or measured, but not in the results, so taken as omitted: A2 T, B9 T"
    ]


def test_four_ways_to_have_no_ct(tmp_path):
    rows = (
        result("A1", "S1", "T", "Undetermined"),
        result("A2", "S1", "T", ""),
        result("A3", "S1", "", ""),
        result("A4", "", "", ""),
        "A5\n",
    )
    export = read_export(tmp_path, abi(*rows, setup="A6,S1,T,UNKNOWN,FAM\n"))
    assert [(r.well, r.state) for r in export.records] == [
        ("A1", State.UNDETERMINED),
        ("A2", State.NO_DATA),
        ("A3", State.EMPTY),
        ("A6", State.OMITTED),
    ]


@pytest.mark.parametrize(("ct", "state"), [("", "empty"), ("Undetermined", "empty"), ("30", "ok")])
def test_without_a_target_undetermined_says_nothing(tmp_path, ct, state):
    """No Ct is looked for in a well without a target, so it must not become a negative."""
    assert read_export(tmp_path, abi(result("A1", "S1", "", ct))).records[0].state == state


@pytest.mark.parametrize(
    ("word", "state"),
    [("false", "ok"), ("FAUX", "ok"), ("FALSCH", "ok"), ("否", "ok"), ("VRAI", "omitted")],
)
def test_omitted_in_the_language_of_excel(tmp_path, word, state):
    text = abi(result("A1", "S1", "T", "3.2").replace(",,N", f",{word},N"))
    text = text.replace("Comments", "Omit")
    assert read_export(tmp_path, text).records[0].state == state


# Cт and ΔRn after Excel: saved as Windows-1252, opened as it and saved as Unicode, or as GBK.
@pytest.mark.parametrize(
    ("ct", "delta"), [("C?", "?Rn"), ("C_", "_Rn"), ("CÑ‚", "Î”Rn"), ("C褌", "螖Rn")]
)
def test_headings_that_excel_mangled(tmp_path, ct, delta):
    text = PLAIN.replace("Cт", ct).replace("ΔRn", delta)
    assert read_export(tmp_path, text).records == read_export(tmp_path, PLAIN, name="b").records


@pytest.mark.parametrize("encoding", ["gb18030", "euc_kr", "cp932"])
def test_headings_in_the_code_page_of_the_computer(tmp_path, encoding):
    found = read_export(tmp_path, PLAIN.encode(encoding)).records
    assert found == read_export(tmp_path, PLAIN, name="b").records


BARE_RESULTS = (
    "Well,Sample Name,Target Name,Task,Reporter,Quencher,Cт,Cт Mean,Ct Threshold,Baseline Start\n"
    "A1,S1,F.4/R-7,UNKNOWN,FAM,None,3.25,,0.2,1\nA2,S1,ALB,NTC,FAM,None,Undetermined,,0.2,1\n"
)


def test_a_table_whose_upper_lines_were_cut_off(tmp_path):
    """The results alone, and with the curves below them."""
    for text in (BARE_RESULTS, BARE_RESULTS + "\n" + CURVES.split("\n", 1)[1]):
        export = read_export(tmp_path, text + curve("A1", "F.4/R-7", RISING) * ("Cycle" in text))
        found = [(r.well, r.task, r.ct, r.threshold) for r in export.records]
        assert found == [("A1", "UNKNOWN", 3.25, 0.2), ("A2", "NTC", None, 0.2)]
        assert len(export.records[0].values) == (5 if "Cycle" in text else 0)


def test_a_sheet_saved_as_csv_keeps_its_keys(tmp_path):
    """Excel writes one sheet, in which key and value are two cells."""
    above = "Block Type,96-Well Block,,,\nInstrument Type,QuantStudio 3,,,\n,,,,\n"
    table = (
        "Well,Well Position,Omit,Sample Name,Target Name,Quencher,CT,Ct Mean\n"
        "13,B1,FALSE,S1,T,None,22.5,\n14,B2,TRUE,S1,T,None,23.5,\n"
    )
    export = read_export(tmp_path, above + table)
    assert (export.format, export.instrument) == ("abi_sections", "QuantStudio 3")
    assert [(r.well, r.state) for r in export.records] == [
        ("B1", State.OK),
        ("B2", State.OMITTED),
    ]


def test_keys_after_a_hash(tmp_path):
    """Design & Analysis 2 with several tables in one csv: Crt must not be lost with the header."""
    text = (
        "# File Name: a.eds\n# Block Type: 96-Well Fast\n# Instrument Type: 7500 Fast System\n"
        '# Quantification Cycle Method: CRT\n\n"[Results]"\n'
        "Well,Well Position,Omit,Sample,Target,Task,Reporter,Cq,Threshold\n"
        "1,A1,false,S1,T,UNKNOWN,FAM,3.5,0.1\n\n[Amplification Data]\n"
        "Well,Well Position,Cycle Number,Target,Rn,dRn\n"
    )
    text += "".join(f"1,A1,{i},T,{1 + v},{v}\n" for i, v in enumerate(RISING, 1))
    export = read_export(tmp_path, text)
    assert (export.instrument, export.ct_kind) == ("7500 Fast System", "Crt")
    assert (export.records[0].ct, export.records[0].values) == (3.5, RISING)


def test_a_bare_table_in_a_sheet(tmp_path):
    rows = [line.split(",") for line in BARE_RESULTS.split("\n")]
    export = read_export(tmp_path, workbook({"Sheet1": rows}))
    assert [(r.well, r.ct) for r in export.records] == [("A1", 3.25), ("A2", None)]


def test_cut_curves_say_nothing_of_the_cycles_run(tmp_path):
    """The baseline ends at cycle 30, so the five exported cycles are not all; 27.5 stays a Ct."""
    row = result("A1", "S1", "T", "27.5").replace("0.2,1,2,", "0.2,3,30,")
    export = read_export(tmp_path, abi(row, curves=curve("A1", "T", FLAT)))
    assert (export.n_cycles, export.records[0].ct) == (None, 27.5)
    assert [finding.code for finding in export.noticed] == ["curves_cut"]


def test_flags(tmp_path):
    text = abi(result("A1", "S1", "T", "3.2", flag="Y"), result("A2", "S1", "T", "3.2"))
    assert [record.flags for record in read_export(tmp_path, text).records] == [("NOAMP",), ()]


def test_a_name_may_hold_a_line_break(tmp_path):
    text = abi(result("A1", '"S\n1"', "T", "3.2"))
    assert read_export(tmp_path, text).records[0].sample == "S\n1"


def test_the_same_rows_in_a_workbook(tmp_path):
    rows = [line.split(",") for line in PLAIN.split("\n")]
    export = read_export(tmp_path, workbook({"Sheet1": rows}))
    assert export.records == read_export(tmp_path, PLAIN, name="b").records


ROW = result("A1", "S1", "T", "3.2")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (HEADER, "no table of results; found none; export again with Results ticked"),
        (
            HEADER + CURVES + curve("A1", "T", FLAT),
            "curves, but no results of their plate; expected both (format abi_sections); "
            "export the results too",
        ),
        (HEADER + RESULTS, " [Results]: no reactions; export again with Results ticked"),
        (
            HEADER + "[Results]\nWell,Sample Name,Allele1 Delta Rn\nA1,S1,0.4\n",
            " [Results]: column 'ct' or 'cq' or 'crt' missing; found 'Well', 'Sample Name', "
            "'Allele1 Delta Rn'; export the amplification results",
        ),
        (
            HEADER.replace("96well", "OpenArray Block") + RESULTS + ROW,
            "block 'OpenArray Block'; expected a plate of 48, 96 or 384 wells; run the assay on "
            "a plate and export that",
        ),
        (
            abi(ROW, ROW),
            " [Results] line 10: well A1 has target 'T' twice; expected one row each; export again",
        ),
        (
            abi(ROW.replace("3.2", "maybe")),
            " [Results] line 9: Ct of A1 is 'maybe'; expected a number or Undetermined",
        ),
        (
            abi(ROW.replace("0.2", "low")),
            " [Results] line 9: threshold 'low' is no number",
        ),
        (
            abi(ROW.replace("A1", "Z9")),
            " [Results] line 9: 'Z9' is no well; the file is damaged or edited; export again",
        ),
        (
            abi(ROW.replace("A1", "")),
            " [Results] line 9: no well; the file is damaged or edited; export again",
        ),
        (
            abi(ROW.replace("\n", ",4\n")),
            " [Results] line 9: 13 cells where the header has 12; a delimiter inside a cell, or a "
            "decimal comma in a comma-separated file; export again",
        ),
        (
            abi("A1,S1,T,UNKNOWN\n"),
            " [Results] line 9: row ends before column 'Cт'; the file is cut off; "
            "copy or export it again",
        ),
        (
            abi(ROW, curves=curve("A1", "T", RISING) + curve("A2", "T", RISING[:3])),
            " [Amplification Data]: curve of A2 'T' ends at cycle 3 of 5; the file is cut off; "
            "copy or export it again",
        ),
        (
            abi(ROW, curves="A1,1,T,1,0\nA1,1,T,1,0\n"),
            " [Amplification Data] line 16: cycle 1 stands twice for one reaction; export again",
        ),
        (
            abi(ROW, curves="A1,1000000,T,1,0\n"),
            " [Amplification Data] line 15: no cycle from 1 to 200; export again",
        ),
        (
            abi(ROW, curves="A1,1,T,1,x\n"),
            " [Amplification Data] line 15: 'x' is no number; export again",
        ),
        (
            (HEADER + RESULTS + ROW + ROW)[:-9],
            " line 10: the last row is shorter than the one above it; the file is cut off; "
            "copy or export it again",
        ),
        (
            abi(ROW.replace("S1", "S\0")),
            " line 9: NUL byte; the file is damaged; copy or export it again",
        ),
        (
            abi(ROW.replace("S1", '"S1'), ROW.replace("A1", "A2")),
            ' line 9: a quote (") is opened and not closed: cut off, or take it out; export again',
        ),
        (
            abi(ROW) + "x" * 1_000_001,
            " line 13: line of 1000001 letters; the file is damaged; export again",
        ),
        (
            abi(ROW) + "x" * 200_000,
            " line 13: unreadable line (field larger than field limit (131072)); "
            "copy or export it again",
        ),
        (
            abi(ROW) + RESULTS + ROW,
            " line 13: section [Results] stands twice; expected one plate a file",
        ),
    ],
)
def test_bad_exports_are_one_line(tmp_path, text, reason):
    expected = f"a.csv{reason}" if reason.startswith(" ") else f"a.csv: {reason}"
    assert rejection(tmp_path, {"a.csv": text}) == expected


def test_well_number_and_position_must_agree(tmp_path):
    text = (
        "* Block Type = 96well\n\n[Results]\nWell\tWell Position\tCT\tTarget Name\n1\tA2\t20\tT\n"
    )
    assert rejection(tmp_path, {"a.txt": text}) == (
        "a.txt [Results] line 5: well '1' and position 'A2' disagree; export again"
    )


def test_positions_serve_where_the_block_is_unknown(tmp_path):
    text = (
        "* Block Type = Array\n\n[Results]\nWell\tWell Position\tCT\tTarget Name\n17\tB5\t20\tT\n"
    )
    export = read_export(tmp_path, text)
    assert [record.well for record in export.records] == ["B5"]


def test_an_unused_well_is_no_reaction(tmp_path):
    text = abi(ROW, result("A2", "", "", "Undetermined"))
    assert [record.well for record in read_export(tmp_path, text).records] == ["A1"]


def test_long_blanks_and_digits_take_no_time(tmp_path):
    """Patterns that backtrack would need hours here."""
    text = "* a" + " " * 120_000 + "b\n" + abi(ROW.replace("3.2", "1" * 120_000))
    assert rejection(tmp_path, {"a.csv": text}) == (
        f"a.csv [Results] line 10: Ct of A1 is '{'1' * 40}…'; expected a number or Undetermined"
    )
