"""The wording: complete for every code, and numbers and dates as the language writes them."""

import re
from pathlib import Path

import pytest
import yaml

from breakpoint_pcr.config import read_yaml
from breakpoint_pcr.errors import ConfigError
from breakpoint_pcr.ingest.formats.readers import readers
from breakpoint_pcr.languages.files import FOLDER as OTHERS
from breakpoint_pcr.languages.files import languages
from breakpoint_pcr.report.wording import FOLDER, Words, load_words
from breakpoint_pcr.runs import FileKind
from breakpoint_pcr.summary.wording import load_page_words
from breakpoint_pcr.tables import CurveClass, CurveKind, Level, Outcome, Role, State, Verdict

LANGUAGES = languages()
FILES = {"en": FOLDER / "en.yaml", **{path.stem: path for path in OTHERS.glob("*.yaml")}}
# DESIGN and the contracts between the stages name these.
FLAGS = [
    "input_not_checked",
    "primer_unconfirmed",
    "near_cutoff",
    "late_amplification",
    "classes_not_tested",
    "variant_breakpoint",
    "hidden_variant_not_excluded",
    "long_product_silent",
    "check_contamination",
    "control_failed",
    "control_missing",
    "control_gene_failed",
    "overridden",
    "replicate_spread",
    "ct_disagreement",
]
CLOSED = {
    "flags": FLAGS,
    "flag_sentences": FLAGS,
    "outcomes": list(Outcome),
    "curves": list(CurveClass),
    "curve_kinds": list(CurveKind),
    "states": list(State),
    "state_marks": list(State),
    "roles": list(Role),
    "levels": list(Level),
    "primer_verdicts": list(Verdict),
    "file_kinds": list(FileKind),
    "scopes": ["run", "assay", "sample", "well", "primer"],
    "calls": ["mixed", "negative", "inconclusive", "invalid"],
    "verdicts": ["valid", "remarks", "assays_invalid", "none_valid", "no_assay", "rejected"],
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("section", CLOSED)
def test_every_code_has_words(language, section):
    words = load_words(language)
    assert [code for code in CLOSED[section] if code not in words.section(section)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_the_keys_of_english_and_fills_in_the_same(language):
    english, other = load_words("en").texts, load_words(language).texts
    for section, texts in english.items():
        assert set(other[section]) == set(texts)
        for key, text in texts.items():
            if isinstance(text, str) and section != "format":
                found = set(re.findall(r"{\w+}", other[section][key]))
                assert found == set(re.findall(r"{\w+}", text)), (section, key)


class Strict(yaml.SafeLoader):
    """Refuses what YAML takes in silence: the last of two equal keys."""

    def construct_mapping(self, node, deep=False):
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        assert len(keys) == len(set(keys)), [key for key in keys if keys.count(key) > 1]
        return super().construct_mapping(node, deep)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_key_stands_twice(language):
    yaml.load(FILES[language].read_text(encoding="utf-8"), Loader=Strict)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_has_the_keys_of_english_and_fills_in_the_same(language):
    english, other = load_page_words("en").labels, load_page_words(language).labels
    assert set(other) == set(english)
    for key, text in english.items():
        found = set(re.findall(r"{\w+}", other[key]))
        assert found == set(re.findall(r"{\w+}", text)), key


def test_every_sentence_and_label_is_used():
    code = "".join(p.read_text(encoding="utf-8") for p in FOLDER.parent.rglob("*.py"))
    template = "".join(p.read_text(encoding="utf-8") for p in FOLDER.parent.rglob("*.typ"))
    words = load_words("en")
    assert [k for k in words.section("sentences") if not re.search(rf"[\"']{k}[\"']", code)] == []
    unused = [k for k in words.section("labels") if not re.search(rf"\bT\.{k}\b", template)]
    assert [k for k in unused if f'"{k}"' not in code] == []


def test_the_template_knows_every_label_that_it_sets():
    labels = load_words("en").section("labels")
    template = "".join(p.read_text(encoding="utf-8") for p in FOLDER.parent.rglob("*.typ"))
    assert [k for k in re.findall(r"\bT\.(\w+)", template) if k not in labels] == []


def test_a_negative_is_never_called_no_deletion():
    text = (FOLDER / "en.yaml").read_text(encoding="utf-8").casefold()
    assert "no deletion detected" not in text
    assert load_words("en").word("calls", "negative") == "none of the listed deletions detected"


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (24.719, "24.72"),
        (35.996, "35.996"),  # two decimals would read as the limit
        (36.0, "36.00"),
        (36.0004, "36.00"),  # not below the limit either way
        (35.99996, "35.99996"),
        (None, "–"),
    ],
)
def test_a_ct_is_never_rounded_onto_the_limit(value, said):
    assert load_words("en").ct(value, 36.0) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2024-03-01", "1 Mar 2024"),
        ("2024-03-01T14:05:33", "1 Mar 2024 14:05"),
        ("2024-03-01 09:00", "1 Mar 2024 09:00"),
        ("2024-13-01", "2024-13-01"),
        ("1 March", "1 March"),
        ("", ""),
    ],
)
def test_dates(text, said):
    assert load_words("en").date(text) == said


def test_numbers_and_lists_follow_the_language():
    texts = yaml.safe_load((FOLDER / "en.yaml").read_text(encoding="utf-8"))
    texts["format"] |= {"decimal": ",", "thousands": ".", "list": "、"}
    words = Words("xx", texts)
    assert words.number(1.25, 1) == "1,2"
    assert words.count(50307787) == "50.307.787"
    assert words.joined(["a", "b"]) == "a、b"


def test_dates_in_chinese():
    assert load_words("zh").date("2026-01-12T09:05") == "2026年1月12日 09:05"


def test_an_unknown_language_is_one_clear_line():
    with pytest.raises(ConfigError, match=r"report.language is 'tlh'; expected one of en"):
        load_words("tlh")


def test_the_formats_have_the_titles_of_their_readers():
    titles = {reader.name: reader.title for reader in readers()}
    assert load_words("en").section("formats") == titles


def test_every_condition_of_the_verification_has_words():
    config = read_yaml(Path("config/config.yaml"))["primers"]
    assert set(load_words("en").section("conditions")) == set(config) - {"confirmed"}


def test_alternatives_are_joined_by_or():
    words = load_words("en")
    assert [words.either(items) for items in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == [
        "",
        "a",
        "a or b",
        "a, b or c",
    ]


def test_an_unknown_code_is_shown_as_it_is():
    assert load_words("en").word("flags", "something_new") == "something_new"


def test_wording_files_hold_no_gene():
    for path in FILES.values():
        assert "IKZF" not in path.read_text(encoding="utf-8").upper()
