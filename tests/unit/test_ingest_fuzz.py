"""The first cases of the fuzzer, what its checks catch, and the parsers' small parts."""

import re
import string
import sys
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from ingest_exports import PANEL, PLAIN, folder_of, settings

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

import fuzz_readers
from fuzz_mutations import mutate_folder
from fuzz_oracles import problem_of_rows, problem_of_samples
from fuzz_readers import (
    SEED,
    bench,
    files_of,
    fuzz,
    meanings,
    problem_of_reactions,
    problem_of_reason,
    texts_of,
)

from breakpoint_pcr.ingest.ct import NOT_REACHED, judge_ct
from breakpoint_pcr.ingest.numerals import Comma, comma_of, number_of
from breakpoint_pcr.ingest.reading import read_run
from breakpoint_pcr.ingest.wells import PLATES, position, well_of, wells_between
from breakpoint_pcr.simulate.writers.catalogue import WRITERS
from breakpoint_pcr.tables import State

CASES = 500


@pytest.fixture(scope="module")
def on():
    return bench()


def test_500_cases(on):
    tally = fuzz(CASES, on)
    assert tally.problems == {}
    assert tally.read.total() + tally.refused.total() == CASES
    # Neither all nothing nor all refused: the mutations bite, and files survive them.
    assert tally.read.total() > 50
    assert tally.refused.total() > 50
    assert tally.cts > 500


def test_every_format_is_a_start_and_is_read_unmutated(tmp_path, on):
    kinds = {start.kind for start in on.starts}
    assert {writer.name for writer in WRITERS} <= kinds
    for number, start in enumerate(start for start in on.starts if start.kind != "real"):
        folder = folder_of(tmp_path, start.files, f"run-{number}")
        record, reactions, _ = read_run(folder, panel=PANEL, settings=settings())
        assert (start.name, record.status, record.reason) == (start.name, "read", "")
        assert problem_of_reactions(reactions, start.files.values()) == ""
        assert problem_of_rows(reactions, start.files.values()) == ""
        assert any(reaction.ct is not None for reaction in reactions)


def test_a_case_is_the_same_again(on):
    assert files_of(7, on) == files_of(7, on)
    assert files_of(7, on) != files_of(8, on)
    assert files_of(7, on) != files_of(7, replace(on, seed=SEED + 1))


def test_a_ct_from_nowhere_is_caught(tmp_path):
    """Were a reader to round, to swap the mark or to make up a Ct, the check says so."""
    folder = folder_of(tmp_path, {"e.csv": PLAIN})
    _, reactions, _ = read_run(folder, panel=PANEL, settings=settings())
    (first, *rest), files = reactions, [PLAIN.encode()]
    assert problem_of_reactions(reactions, files) == ""
    for ct in (3.2501, 325.0, 33.25):
        invented = replace(first, ct=ct)
        assert "is not in the file" in problem_of_reactions([invented, *rest], files)
        renamed = replace(first, ct=ct, ct_text=str(ct))
        assert "is not in the file" in problem_of_reactions([renamed, *rest], files)
    assert "state" in problem_of_reactions([replace(first, state=State.UNDETERMINED)], files)
    assert "without a Ct" in problem_of_reactions([replace(first, ct=None)], files)
    assert "well" in problem_of_reactions([replace(first, well="Q1")], files)


def test_a_ct_of_another_row_is_caught(tmp_path):
    """Were a reader to move a Ct to another well or target, or to make up a name, that is said.

    PLAIN holds two reactions: A1 with a Ct, A2 without, each of its own target.
    """
    folder = folder_of(tmp_path, {"e.csv": PLAIN})
    _, reactions, _ = read_run(folder, panel=PANEL, settings=settings())
    (first, second), files = reactions, [PLAIN.encode()]
    assert problem_of_rows(reactions, files) == ""
    moved = replace(first, well=second.well)
    assert "line of its well" in problem_of_rows([moved], files)
    renamed = replace(second, well=first.well, ct=first.ct, ct_text=first.ct_text, state=State.OK)
    swapped = PLAIN.replace("A2,S1,ALB,UNKNOWN", "A1,S1,ALB,UNKNOWN").encode()
    assert "line of its target" in problem_of_rows([renamed], [swapped])
    assert "100 reactions" in problem_of_rows([first] * 100, files)
    assert problem_of_samples(reactions, [PLAIN]) == ""
    assert "S9" in problem_of_samples([replace(first, sample="S9")], [PLAIN])


def test_rows_of_any_wrapping_are_understood(tmp_path):
    """Line ends, encodings and zeros in wells change no answer; a document has no lines."""
    _, reactions, _ = read_run(
        folder_of(tmp_path, {"e.csv": PLAIN}), panel=PANEL, settings=settings()
    )
    for content in (
        PLAIN.replace("\n", "\r").encode(),
        PLAIN.encode("utf-16"),
        PLAIN.replace("A1,", "A01,").encode(),
        PLAIN.replace("A1,", "1,").replace("A2,", "2,").encode(),
    ):
        assert problem_of_rows(reactions, [content]) == ""
        assert "line of its well" in problem_of_rows([replace(reactions[0], well="B7")], [content])
    assert problem_of_rows([replace(reactions[0], well="B7")], [b"<rdml>\n</rdml>"]) == ""


def test_folders_are_mixed_in_every_way(on):
    """Each way comes up, and each leaves files; those of the other plate are other files."""
    start = next(start for start in on.starts if start.name == "cfx")
    assert start.files.keys() == start.others.keys()
    assert start.files != start.others
    rng = Random(1)
    mixed = [mutate_folder(start.files, start.others, rng) for _ in range(60)]
    assert {len(files) for files in mixed} == {1, 2, 3, 4}
    assert all(files and all(files.values()) for files in mixed)
    assert any(set(start.others.values()) & set(files.values()) for files in mixed)
    assert mutate_folder(start.files, start.others, Random(5)) == mutate_folder(
        start.files, start.others, Random(5)
    )


def test_a_traceback_a_hang_and_a_death_are_caught(monkeypatch, on):
    def broken(*_, **__):
        raise ZeroDivisionError("made on purpose")

    def endless(*_, **__):
        while True:
            pass

    def dying(*_, **__):
        fuzz_readers.os._exit(0)

    for reader, word in ((broken, "ZeroDivisionError"), (endless, "Hang"), (dying, "died")):
        monkeypatch.setattr(fuzz_readers, "read_run", reader)
        monkeypatch.setattr(fuzz_readers, "CASE_SECONDS_MAX", 0.1)
        tally = fuzz(2, on)
        assert list(tally.problems) == [0, 1]
        assert all(word in problem for problem in tally.problems.values())


def test_a_message_of_several_lines_is_caught():
    assert problem_of_reason("export.csv: no Ct") == ""
    assert all(map(problem_of_reason, ("", " ", "a\nb", "x" * 1001)))


def test_numbers_are_found_in_every_wrapping():
    assert [float("19.7085") in meanings(text) for text in ("19,7085", "19.7085")] == [True, True]
    assert meanings("1,234.5") == {1234.5}
    assert meanings("1,234") == {1.234, 1234.0}
    assert "22.5" in "".join(texts_of("Ct\t22.5".encode("utf-16")))


# The parsers' small parts.

NUMBERS = st.floats(min_value=-1e12, max_value=1e12, allow_nan=False)


@given(NUMBERS, st.integers(0, 9))
def test_a_decimal_mark_changes_no_number(number, digits):
    text = f"{number:.{digits}f}"
    assert number_of(text, Comma.ABSENT) == float(text)
    assert number_of(text.replace(".", ","), Comma.DECIMAL) == float(text)


@given(st.integers(1000, 10**12), st.integers(1, 6))
def test_thousands_change_no_number(whole, digits):
    text = f"{whole:,}.{'5' * digits}"
    assert comma_of([text]) is Comma.THOUSANDS
    assert number_of(text, Comma.THOUSANDS) == float(text.replace(",", ""))
    with pytest.raises(ValueError, match="may be a decimal or a thousands comma"):
        number_of(text, Comma.ABSENT)


@given(st.integers(1, 999), st.integers(0, 999))
def test_one_comma_before_three_digits_is_never_decided_alone(high, low):
    text = f"{high},{low:03d}"
    assert comma_of([text]) is Comma.OPEN
    with pytest.raises(ValueError, match="may be a decimal or a thousands comma"):
        number_of(text, comma_of([text]))


@given(st.text(max_size=60))
@example("1_000")
@example("٣٦")
@example("１２")
@example("²")
@example("0x24")
@example("infinity")
@example("1e999")
@example("9" * 5000)
def test_only_plain_numbers_are_numbers(text):
    """Whatever is taken for a number is what `float` reads in ASCII digits; all else is refused."""
    for comma in Comma:
        try:
            number = number_of(text, comma)
        except ValueError as problem:
            assert "\n" not in str(problem)
            continue
        if number is None:
            assert text.strip().casefold() in ("", "nan")
            continue
        assert set(text.strip()) <= set(string.digits + "+-.,eE")
        assert number in meanings(text.strip())


@given(st.sampled_from(list(PLATES)), st.data())
def test_a_well_has_one_name_however_it_is_written(size, data):
    rows, columns = PLATES[size]
    row, column = data.draw(st.integers(0, rows - 1)), data.draw(st.integers(0, columns - 1))
    letter = string.ascii_uppercase[row]
    name = f"{letter}{column + 1}"
    for written in (name, f"{letter}{column + 1:02d}", name.lower(), f" {name} "):
        assert well_of(written, size) == name
    assert well_of(str(row * columns + column + 1), size) == name
    assert position(name) == (row, column)
    assert wells_between(name) == (name,)


@given(st.text(max_size=12), st.sampled_from([None, *PLATES]))
@example("9" * 5000, 96)
@example("A1\n", None)
@example("Ａ1", 96)
@example("A²", 96)
@example("٣", 96)
def test_what_is_taken_for_a_well_is_one(text, size):
    try:
        well = well_of(text, size)
    except ValueError as problem:
        assert "\n" not in str(problem)
        return
    assert re.fullmatch(r"[A-P]([1-9]|1[0-9]|2[0-4])", well)
    rows, columns = PLATES[size or 384]
    row, column = position(well)
    assert row < rows
    assert column < columns
    assert set(text.strip()) <= set(string.ascii_letters + string.digits + ".")


@given(st.one_of(st.text(max_size=30), NUMBERS, st.integers(-100, 100), st.booleans()))
@example("40.0")
@example("-1")
@example("Undetermined")
@example(100)
def test_a_ct_is_a_number_between_0_and_the_cycles(cell):
    for comma in (Comma.ABSENT, Comma.DECIMAL, Comma.THOUSANDS):
        try:
            ct, state = judge_ct(cell, comma=comma, n_cycles=40)
        except ValueError as problem:
            assert "\n" not in str(problem)
            continue
        assert (ct is not None) is (state is State.OK)
        if ct is not None:
            assert 0 < ct < 40
            assert ct in meanings(str(cell).strip())
        elif state is State.NO_DATA:
            assert not str(cell).strip()


@given(st.sampled_from(sorted(NOT_REACHED)), st.sampled_from([str.upper, str.title, str.lower]))
def test_words_for_not_reached_in_any_case(word, written):
    assert judge_ct(f" {written(word)} ", comma=Comma.ABSENT, n_cycles=40) == (
        None,
        State.UNDETERMINED,
    )
