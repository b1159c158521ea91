"""The small parts of reading, over whatever a file may hold: exact, or refused, never guessed."""

import html
import math
from decimal import Decimal

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from ingest_exports import settings as chosen

from breakpoint_pcr.errors import ExportError
from breakpoint_pcr.ingest.ct import NOT_REACHED, judge_ct
from breakpoint_pcr.ingest.files.html_tables import tables_of
from breakpoint_pcr.ingest.files.source import Content, Source
from breakpoint_pcr.ingest.files.text import CHINESE, Text, decode
from breakpoint_pcr.ingest.formats.generic import READER as GENERIC
from breakpoint_pcr.ingest.numerals import LETTERS_MAX, Comma, comma_of, number_of
from breakpoint_pcr.ingest.wells import PLATES, position, well_of
from breakpoint_pcr.tables import State

# Decimal mark and thousands mark of a country; no thousands mark where a program writes none.
LOCALES = [(".", ""), (".", ","), (",", ""), (",", ".")]
DECIMALS = st.decimals(-9_999_999, 9_999_999, places=None, allow_nan=False)
NUMBERS = st.builds(round, DECIMALS, st.integers(0, 5)).map(abs) | DECIMALS
COLUMNS = st.lists(st.tuples(NUMBERS, st.integers(0, 5)), min_size=1, max_size=8)


def written(number, places, locale):
    """A number as a country writes it."""
    point, thousands = locale
    text = f"{number:,.{places}f}"
    return text.translate(str.maketrans({",": thousands, ".": point}))


def read_or_refused(cells):
    """Each cell as a number by what all cells together show; None where it is refused."""
    comma = comma_of(cells)
    found = []
    for cell in cells:
        try:
            found.append(number_of(cell, comma))
        except ValueError:
            found.append(None)
    return comma, found


@pytest.mark.parametrize("locale", LOCALES)
@settings(max_examples=150, deadline=None)
@given(column=COLUMNS)
@example(column=[(Decimal("1.234"), 3)])
@example(column=[(Decimal(1234), 0)])
@example(column=[(Decimal("1.234"), 3), (Decimal("0.5"), 1)])
@example(column=[(Decimal(1234567), 0), (Decimal(1234), 0)])
@example(column=[(Decimal("1234.5"), 1), (Decimal("12.345"), 3)])
def test_a_column_of_one_country_is_exact_or_refused(locale, column):
    cells = [written(number, places, locale) for number, places in column]
    # Points for thousands and no decimal comma anywhere are the numbers of another country.
    assume(locale != (",", ".") or any("," in cell for cell in cells))
    expected = [float(f"{number:.{places}f}") for number, places in column]
    comma, found = read_or_refused(cells)
    for value, truth, cell in zip(found, expected, cells, strict=True):
        assert value is None or value == truth, (cell, comma)


@pytest.mark.parametrize(
    ("locale", "comma"),
    [((".", ""), Comma.ABSENT), ((".", ","), Comma.THOUSANDS), ((",", ""), Comma.DECIMAL)],
)
@settings(max_examples=100, deadline=None)
@given(column=COLUMNS)
def test_a_column_that_shows_its_comma_is_read_as_a_whole(locale, comma, column):
    """1,234.5 shows thousands, 0,12 a decimal mark: beside it no cell is refused."""
    shows = {Comma.THOUSANDS: "1,234.5", Comma.DECIMAL: "0,12"}.get(comma, "0.12")
    cells = [shows, *(written(number, places, locale) for number, places in column)]
    expected = [float(f"{number:.{places}f}") for number, places in column]
    assert comma_of(cells) is comma
    assert [number_of(cell, comma) for cell in cells[1:]] == expected


@given(number=st.integers(1, 999), thousands=st.integers(0, 999))
def test_a_lone_comma_before_three_digits_is_never_decided(number, thousands):
    cell = f"{number},{thousands:03d}"
    assert comma_of([cell, "7", "text"]) is Comma.OPEN
    with pytest.raises(ValueError, match="may be a decimal or a thousands comma"):
        number_of(cell, Comma.OPEN)


@settings(max_examples=60, deadline=None)
@given(first=COLUMNS, second=COLUMNS)
def test_two_countries_in_one_file_are_refused(first, second):
    """Where both show themselves, no cell with a comma is read."""
    cells = [
        *("0,12", "1,234.5"),
        *(written(number, places, (",", "")) for number, places in first),
        *(written(number, places, (".", ",")) for number, places in second),
    ]
    comma, found = read_or_refused(cells)
    assert comma is Comma.BOTH
    assert all(v is None for v, cell in zip(found, cells, strict=True) if "," in cell)


@settings(max_examples=200, deadline=None)
@given(text=st.text(max_size=LETTERS_MAX + 5), comma=st.sampled_from(Comma))
@example(text="1e999", comma=Comma.ABSENT)
@example(text="١٢", comma=Comma.ABSENT)
@example(text="1_0", comma=Comma.ABSENT)
@example(text="0x1p3", comma=Comma.ABSENT)
def test_whatever_is_read_as_a_number_has_its_digits(text, comma):
    try:
        number = number_of(text, comma)
    except ValueError:
        return
    if number is not None:
        assert math.isfinite(number)
        digits = [c for c in text if c.isdigit()]
        assert digits
        assert set(digits) <= set("0123456789")


@settings(max_examples=200, deadline=None)
@given(
    cell=st.text(max_size=12) | st.floats() | st.integers(-5, 60) | st.sampled_from(["36,5", ""]),
    comma=st.sampled_from(Comma),
    cycles=st.none() | st.integers(1, 60),
)
def test_a_ct_lies_within_the_run_or_is_none(cell, comma, cycles):
    try:
        ct, state = judge_ct(cell, comma=comma, n_cycles=cycles)
    except ValueError as problem:
        assert "\n" not in str(problem)
        return
    assert (ct is not None) == (state is State.OK)
    if ct is not None:
        assert 0 < ct < (cycles or math.inf)
        assert ct == number_of(cell, comma)


@given(number=st.decimals("0.01", "39.99", places=2), cycles=st.integers(40, 60))
def test_every_ct_within_the_run_comes_back(number, cycles):
    for cell, comma in (
        (str(number), Comma.ABSENT),
        (str(number).replace(".", ","), Comma.DECIMAL),
    ):
        assert judge_ct(cell, comma=comma, n_cycles=cycles) == (float(number), State.OK)
    assert judge_ct(float(number), comma=Comma.ABSENT, n_cycles=cycles)[0] == float(number)


@given(word=st.sampled_from(sorted(NOT_REACHED)), comma=st.sampled_from(Comma))
def test_words_for_not_reached_are_never_numbers(word, comma):
    for text in (word, word.upper(), f" {word.title()} "):
        assert judge_ct(text, comma=comma, n_cycles=40) == (None, State.UNDETERMINED)


@pytest.mark.parametrize("size", PLATES)
def test_every_well_has_one_name_however_it_is_written(size):
    rows, columns = PLATES[size]
    names = [f"{chr(65 + row)}{column + 1}" for row in range(rows) for column in range(columns)]
    for number, name in enumerate(names, start=1):
        padded = f"{name[0]}{int(name[1:]):02d}"
        for text in (name, name.lower(), padded, f" {padded} ", str(number), f"{number}.0"):
            assert well_of(text, size) == name
        assert position(name) == divmod(number - 1, columns)


@settings(max_examples=200, deadline=None)
@given(text=st.text(max_size=8), size=st.sampled_from([None, *PLATES]))
@example(text="A٣", size=96)
@example(text="1" * 8, size=384)
def test_whatever_is_read_as_a_well_is_on_the_plate(text, size):
    try:
        well = well_of(text, size)
    except ValueError:
        return
    rows, columns = PLATES[size or max(PLATES)]
    row, column = position(well)
    assert (0 <= row < rows, 0 <= column < columns, well.isascii()) == (True, True, True)


# Letters.

HANZI = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=1, max_size=8)
# The names that a hundred Chinese surnames, and the words of exports, are written with.
COMMON = st.text(
    "王李张刘陈杨赵黄周吴样本孔位名称通道靶基因阴性阳性对照空白未检出", min_size=1, max_size=8
)
WESTERN = st.text("abcdefgh äöüßéèêçñåøÄÖÜ°µ²", min_size=1, max_size=12)


def source(content):
    return Source("a.csv", Content.TEXT, "text", content)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_decoded(content):
    text = decode(source(content))
    assert text.guessed in ("", CHINESE, "cp1252", "latin-1")
    assert "\r" not in text.content


@settings(max_examples=200, deadline=None)
@given(name=COMMON, rare=HANZI)
def test_a_configured_encoding_is_exact(name, rare):
    text = f"A1,{name}{rare},22.5\n"
    found = decode(source(text.encode("gb18030")), "gb18030")
    assert found.content == text or found.guessed == ""


@settings(max_examples=200, deadline=None)
@given(name=COMMON)
def test_common_chinese_letters_are_told(name):
    """Or the bytes happen to be UTF-8 as well, which comes first."""
    content = f"Well,Sample\nA1,{name}\n".encode("gb18030")
    found = decode(source(content))
    assert (found.content.splitlines()[-1], found.guessed) == (f"A1,{name}", CHINESE) or (
        not found.guessed
    )


@settings(max_examples=300, deadline=None)
@given(cells=st.lists(WESTERN, min_size=1, max_size=5))
def test_western_letters_stay_western(cells):
    """°C and µL, which exports write, tell it; capitals and signs side by side could hide it."""
    text = ",".join(cells) + ",5°C,µL\n"
    found = decode(source(text.encode("cp1252")))
    assert found.content == text or sum(map(text.count, "ÄÖÜ°µ²")) > 8


# Tables of a web page.


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.lists(st.text(max_size=6).map(lambda t: " ".join(t.split())), min_size=2, max_size=4),
        min_size=1,
        max_size=4,
    )
)
def test_cells_of_a_web_page_come_back(rows):
    cells = [[c for c in row if c.isprintable() or c == ""] for row in rows]
    page = "".join(
        "<tr>" + "".join(f"<td>{html.escape(c)}</td>" for c in row) + "</tr>" for row in cells
    )
    (table,) = tables_of(Text("a", f"<table>{page}</table>"))
    assert [list(row) for _, row in table] == [[" ".join(c.split()) for c in row] for row in cells]


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                *("<table>", "</table>", "<tr>", "</tr>", "<td>", "</td>", "<th rowspan=2>"),
                *("<td colspan=3 rowspan=2>", "<!--", "-->", "<script>", "</script>", "x", "&lt;"),
                *("&#x110000;", "<td rowspan=0>", "<", ">", "<TABLE border='1'>", "<br/>", "&"),
            ]
        ),
        max_size=25,
    )
)
def test_any_tags_give_tables_or_one_line(tags):
    try:
        tables = tables_of(Text("a.xls", "".join(tags)))
    except ExportError as problem:
        assert "\n" not in str(problem)
        return
    assert all(isinstance(cell, str) for table in tables for _, row in table for cell in row)


# A whole table.

NAMES = st.text("abcXYZ019 -_.样本", min_size=1, max_size=8).map(str.strip).filter(bool)
# No run has more than 60 cycles.
CTS = st.decimals("0.001", "60", places=3)


@settings(max_examples=100, deadline=None)
@given(
    rows=st.lists(st.tuples(NAMES, CTS), min_size=1, max_size=12),
    delimiter=st.sampled_from("\t;,"),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "gb18030"]),
    decimal=st.sampled_from([".", ","]),
)
def test_a_generic_table_comes_back_whatever_its_marks(rows, delimiter, encoding, decimal):
    assume(decimal != delimiter)
    lines = [delimiter.join(["孔位", "样本名称", "靶基因", "Ct值"])]
    wells = [f"{'ABCDEFGH'[i % 8]}{i // 8 + 1}" for i in range(len(rows))]
    for well, (name, ct) in zip(wells, rows, strict=True):
        lines.append(delimiter.join([well, name, "T", str(ct).replace(".", decimal)]))
    content = ("\n".join(lines) + "\n").encode(encoding)
    given_settings = chosen(encoding="gb18030", decimal=decimal)
    export = GENERIC.read(source(content), given_settings)
    found = {r.well: (r.sample, r.ct) for r in export.records}
    assert found == {w: (n, float(c)) for w, (n, c) in zip(wells, rows, strict=True)}
