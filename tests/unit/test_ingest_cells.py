"""The small parts of reading: numbers, wells, Ct cells, labels, names, settings."""

import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ingest_exports import CONFIG, PANEL, settings

from breakpoint_pcr.errors import ConfigError
from breakpoint_pcr.ingest.cells import exact_text_of, shown, text_of
from breakpoint_pcr.ingest.ct import judge_ct
from breakpoint_pcr.ingest.dates import iso_date
from breakpoint_pcr.ingest.labels import classes_of, label_of
from breakpoint_pcr.ingest.names import clean_name
from breakpoint_pcr.ingest.numerals import Comma, comma_of, number_of
from breakpoint_pcr.ingest.roles import is_known_task, role_of_name, role_of_task
from breakpoint_pcr.ingest.settings import IngestSettings
from breakpoint_pcr.ingest.wells import (
    plate_of_numbers,
    plate_wells_of,
    position,
    smallest_plate,
    well_of,
    wells_between,
)
from breakpoint_pcr.tables import Role, State


@pytest.mark.parametrize(
    ("cells", "comma"),
    [
        (["19.7", "text", "RGB(1,2,3)"], Comma.ABSENT),
        (["36,431.130"], Comma.THOUSANDS),
        (["1,234,567"], Comma.THOUSANDS),
        (["100,000,000.000", "1,234"], Comma.THOUSANDS),
        (["19,7085"], Comma.DECIMAL),
        (["0,123"], Comma.DECIMAL),
        (["-0,0081", "1,234"], Comma.DECIMAL),
        (["1.915,4797"], Comma.DECIMAL),
        (["8,940e+003"], Comma.DECIMAL),
        (["1,234"], Comma.OPEN),
        (["19,7085", "36,431.130"], Comma.BOTH),
        ([",", "1,", "a,b", "12,34,56"], Comma.ABSENT),
        ([1.5, 2, True], Comma.ABSENT),
    ],
)
def test_the_comma_is_decided_by_all_cells(cells, comma):
    assert comma_of(cells) is comma


@pytest.mark.parametrize(
    ("cell", "comma", "number"),
    [
        ("32.055", Comma.ABSENT, 32.055),
        (" 3 ", Comma.ABSENT, 3.0),
        ("", Comma.ABSENT, None),
        ("NaN", Comma.ABSENT, None),
        (float("nan"), Comma.ABSENT, None),
        (7, Comma.ABSENT, 7.0),
        ("1,234", Comma.DECIMAL, 1.234),
        ("1.915,4797", Comma.DECIMAL, 1915.4797),
        ("1,234", Comma.THOUSANDS, 1234.0),
        ("36,431.130", Comma.THOUSANDS, 36431.13),
        ("2.183E-03", Comma.ABSENT, 0.002183),
    ],
)
def test_a_number_is_read_as_the_file_writes_it(cell, comma, number):
    assert number_of(cell, comma) == number


@pytest.mark.parametrize(
    ("cell", "comma", "message"),
    [
        ("1,234", Comma.OPEN, "may be a decimal or a thousands comma"),
        ("19,7", Comma.BOTH, "may be a decimal or a thousands comma"),
        ("19,7", Comma.THOUSANDS, "is no number"),
        ("27.983", Comma.DECIMAL, "has a point where the file's decimal mark is a comma"),
        ("1_000", Comma.ABSENT, "is no number"),
        ("inf", Comma.ABSENT, "is no number"),
        ("٣٢", Comma.ABSENT, "is no number"),
        ("1e999", Comma.ABSENT, "infinite"),
        (float("inf"), Comma.ABSENT, "infinite"),
        (10**400, Comma.ABSENT, "infinite"),
        (True, Comma.ABSENT, "is no number"),
    ],
)
def test_what_is_no_number_is_never_guessed(cell, comma, message):
    with pytest.raises(ValueError, match=message):
        number_of(cell, comma)


@given(st.floats(allow_nan=False, allow_infinity=False, width=64))
def test_any_exported_number_comes_back(number):
    assert number_of(repr(number), Comma.ABSENT) == number


@pytest.mark.parametrize(
    ("text", "size", "well"),
    [
        ("A1", None, "A1"),
        ("A01", 96, "A1"),
        (" h12 ", 96, "H12"),
        ("P24", 384, "P24"),
        ("1", 96, "A1"),
        ("13", 96, "B1"),
        ("96", 96, "H12"),
        ("25.0", 384, "B1"),
        ("384", 384, "P24"),
        ("48", 48, "F8"),
    ],
)
def test_wells_have_one_name(text, size, well):
    assert well_of(text, size) == well


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("I1", 96),
        ("A13", 96),
        ("97", 96),
        ("0", 96),
        ("1", None),
        ("Q1", 384),
        ("A0", 96),
        ("", 96),
        ("H011", 96),
        ("A001", None),
        ("A100", None),
    ],
)
def test_what_is_no_well_is_refused(text, size):
    with pytest.raises(ValueError, match="is no well"):
        well_of(text, size)


def test_plates():
    names = ["96alum", "Fast 96-Well Block (0.1mL)", "384-Well Block", "48well", "Array", ""]
    assert [plate_wells_of(name) for name in names] == [96, 96, 384, 48, None, None]
    assert smallest_plate({"A1", "H12"}) == 96
    assert smallest_plate({"A1", "I1"}) == 384
    assert position("B10") == (1, 9)


def test_a_number_beside_a_position_tells_the_plate():
    """Rows of 8, 12 and 24 wells: 9, 13 and 25 are B1 of 48, 96 and 384; 1 is A1 of each."""
    pairs = [("9", "B1"), ("13", "B01"), ("25.0", "B1")]
    assert [plate_of_numbers([("1", "A1"), pair]) for pair in pairs] == [48, 96, 384]
    assert plate_of_numbers([("1", "A1"), ("2", "A2")]) is None
    assert plate_of_numbers([("x", "B1"), ("1", "?")]) is None
    assert plate_of_numbers([]) is None
    with pytest.raises(ValueError, match="disagree"):
        plate_of_numbers([("9", "B1"), ("13", "B1")])


def test_ranges():
    assert wells_between("A1") == ("A1",)
    assert wells_between("A1:C1") == ("A1", "B1", "C1")
    assert wells_between("a01:B02") == ("A1", "A2", "B1", "B2")
    for wrong in ("B1:A1", "A1:", "A1:A2:A3", "A1-A6"):
        with pytest.raises(ValueError, match="is no"):
            wells_between(wrong)


@pytest.mark.parametrize(
    ("cell", "ct", "state"),
    [
        ("32.055", 32.055, State.OK),
        ("35.995", 35.995, State.OK),
        ("36", 36.0, State.OK),
        ("39.999", 39.999, State.OK),
        (1.35, 1.35, State.OK),
        ("40.0", None, State.UNDETERMINED),
        (40.0, None, State.UNDETERMINED),
        ("100", None, State.UNDETERMINED),
        ("-1", None, State.UNDETERMINED),
        (0.0, None, State.UNDETERMINED),
        ("NaN", None, State.UNDETERMINED),
        ("Undetermined", None, State.UNDETERMINED),
        ("UNDETERMINED", None, State.UNDETERMINED),
        ("Undet.", None, State.UNDETERMINED),
        ("N/A", None, State.UNDETERMINED),
        ("No Ct", None, State.UNDETERMINED),
        ("n. def.", None, State.UNDETERMINED),
        ("-", None, State.UNDETERMINED),
        ("", None, State.NO_DATA),
        ("  ", None, State.NO_DATA),
    ],
)
def test_ct_cells(cell, ct, state):
    assert judge_ct(cell, comma=Comma.ABSENT, n_cycles=40) == (ct, state)


def test_ct_cells_depend_on_cycles_and_words():
    assert judge_ct("40.0", comma=Comma.ABSENT, n_cycles=45) == (40.0, State.OK)
    assert judge_ct("40.0", comma=Comma.ABSENT, n_cycles=None) == (40.0, State.OK)
    assert judge_ct("100", comma=Comma.ABSENT, n_cycles=None) == (None, State.UNDETERMINED)
    words = frozenset({"无"})
    assert judge_ct("无", comma=Comma.ABSENT, n_cycles=40, missing=words)[1] is State.UNDETERMINED
    with pytest.raises(ValueError, match=r"^'无'; expected a number or Undetermined$"):
        judge_ct("无", comma=Comma.ABSENT, n_cycles=40)
    with pytest.raises(ValueError, match="may be a decimal"):
        judge_ct("19,708", comma=Comma.OPEN, n_cycles=40)


def test_cells_as_text():
    assert [text_of(cell) for cell in (" a ", 18, 18.0, 18.5, True)] == [
        "a",
        "18",
        "18",
        "18.5",
        "true",
    ]
    assert [exact_text_of(cell) for cell in (40.0, 40, "40.0")] == ["40.0", "40", "40.0"]
    assert shown("x" * 50) == "'" + "x" * 40 + "…'"
    assert shown("a\nb") == r"'a\nb'"


@pytest.mark.parametrize("text", ["Δ4-7", "∆4-7", "D4-7", "del4-7", "del 4-7", "4–7", "delta_4_7"])
def test_labels_as_people_type_them(text):
    assert label_of(text, PANEL) == PANEL.deletions[-2].label


def test_lists_of_classes():
    four_seven, four_eight = PANEL.deletions[-2].label, PANEL.deletions[-1].label
    for text in ("D4-7;D4-8", "D4-7, D4-8", "del 4-7 + del 4-8", "4-7 4-8 4-7"):
        assert classes_of(text, PANEL) == (four_seven, four_eight)
    assert classes_of("none", PANEL) == ()
    with pytest.raises(ValueError, match=r"^class '1-8' is unknown; expected .* or none$"):
        classes_of("1-8", PANEL)


@given(st.text(max_size=30))
def test_clean_names_are_one_line(text):
    name = clean_name(text)
    assert name == name.strip()
    assert not set("\n\r\t\0\x0b\x1c\u2028\u2029") & set(name)
    assert len(name) <= len(text)


def test_clean_names_keep_letters():
    assert clean_name(" 喆 O'Neil\tB ") == "喆 O'Neil B"


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("NTC", Role.NTC),
        ("ntc-2", Role.NTC),
        ("H2O", Role.NTC),
        ("空白", Role.NTC),
        ("PC-F4R7", Role.POSITIVE_CONTROL),
        ("WT", Role.NEGATIVE_CONTROL),
        ("NC", Role.NEGATIVE_CONTROL),
        ("PCR-17", None),
        ("S1", None),
        ("", None),
    ],
)
def test_roles_by_name(name, role):
    assert role_of_name(name, settings()) is role


@pytest.mark.parametrize(
    ("task", "role", "known"),
    [
        ("NTC", Role.NTC, True),
        ("UNKNOWN", None, True),
        ("Unkn-12", None, True),
        ("", None, True),
        ("IPC", None, True),
        ("Standard", Role.STANDARD, True),
        ("Std-1", Role.STANDARD, True),
        ("std", Role.STANDARD, True),
        ("POSITIVE_CONTROL", Role.POSITIVE_CONTROL, True),
        ("Pos Ctrl", Role.POSITIVE_CONTROL, True),
        ("Neg Ctrl-2", Role.NEGATIVE_CONTROL, True),
        ("空白对照", Role.NTC, True),
        ("阳性对照", Role.POSITIVE_CONTROL, True),
        ("阴性对照", Role.NEGATIVE_CONTROL, True),
        ("标准品", Role.STANDARD, True),
        ("待测样品", None, True),
        # Of the types of RDML, those that are dark or lit for other reasons than a control is.
        ("nac", None, False),
        ("nrt", None, False),
        ("NRT", None, False),
        ("ntp", None, False),
        ("opt", None, False),
        ("POSITIVE_1/1", None, False),
        ("2", None, False),
        ("+", None, False),
    ],
)
def test_roles_by_task(task, role, known):
    assert (role_of_task(task), is_known_task(task)) == (role, known)


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("22/09/2010 15:00", "2010-09-22"),
        ("9/22/2010", "2010-09-22"),
        ("5/5/2024", "2024-05-05"),
        ("4/5/2024", ""),
        ("30/02/2024", ""),
        ("29/2/2024", "2024-02-29"),
        ("29/2/2023", ""),
        ("13/13/2024", ""),
        ("0/5/2024", ""),
        ("22/09/20101", ""),
        ("22.09.2010", ""),
        ("", ""),
    ],
)
def test_a_date_is_one_day_or_none(text, iso):
    assert iso_date(text) == iso


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"encoding": "klingon"}, "config: ingest.generic.encoding: 'klingon' is unknown; "),
        ({"cycle_columns": "("}, r"config: ingest.generic.cycle_columns: '\(' is no regular"),
        ({"cycle_columns": "[0-9]+"}, "config: ingest.generic.cycle_columns: 0 groups; put the"),
    ],
)
def test_bad_settings_are_refused(change, message):
    config = copy.deepcopy(CONFIG)
    config["generic"] |= change
    with pytest.raises(ConfigError, match=message):
        IngestSettings.from_config(config)
