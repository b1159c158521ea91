"""The sentences of the tables in other languages: each is known, and no data changes."""

import ast
import re
from functools import cache
from pathlib import Path

import calling_bench as bench
import pytest
from report_example import example_source
from test_demo_calls import CALLS, SETTINGS
from test_simulate_demo import DEMO, PANEL, products

from breakpoint_pcr.calling.calling import call_run
from breakpoint_pcr.curves.classes import Note, Reason
from breakpoint_pcr.ingest.formats.cfx_words import NOT_A_NUMBER
from breakpoint_pcr.ingest.reading import read_run
from breakpoint_pcr.languages.files import languages, read_section
from breakpoint_pcr.languages.templates import PLACE
from breakpoint_pcr.languages.translating import translator
from breakpoint_pcr.report.characters import read_coverage
from breakpoint_pcr.report.document import compose
from breakpoint_pcr.runs import Override
from breakpoint_pcr.tables import Finding, Level

OTHERS = [language for language in languages() if language != "en"]
SOURCE = Path("src/breakpoint_pcr")
# Shown by `breakpoint-pcr explain` alone, which speaks English, or by its errors.
NOT_IN_REPORTS = {"alternatives.py", "rationale.py", "remedies.py", "results.py"}
MODULES = sorted(
    path
    for folder in ("calling", "levels")
    for path in (SOURCE / folder).glob("*.py")
    if path.name not in NOT_IN_REPORTS
)
# The findings of a verification.
VERIFIED = ["coverage", "design", "exon_deletions", "findings", "judgement", "oligo_rules"]
VERIFIED += ["probes", "robustness"]
MODULES += [SOURCE / "insilico" / f"{name}.py" for name in VERIFIED]
MODULES += [SOURCE / "insilico/genome/judging.py", SOURCE / "insilico/variants/checking.py"]
MODULES.append(SOURCE / "statistics/precision.py")
# Findings of a run as it is read, and what is wrong with its export, sample sheet or run.yaml:
# the report of a rejected run shows it.
INGEST = sorted((SOURCE / "ingest").rglob("*.py"))
SECTIONS = ("report", "verification", "validation", "phrases")
TEXTS = ("reason", "sentence", "statement", "evidence")


@pytest.mark.parametrize("language", OTHERS)
def test_each_template_fills_in_what_english_does(language):
    for english, target in read_section(language, "phrases")["sentences"].items():
        names = {name for name, _ in PLACE.findall(english)}
        assert set(re.findall(r"{(\w+)}", target)) <= names, english
        lost = names - set(re.findall(r"{(\w+)}", target)) - {"same", "exon_name"}
        assert not lost, english


@pytest.mark.parametrize("language", OTHERS)
def test_every_character_is_in_the_fonts(language):
    said = str([read_section(language, s) for s in SECTIONS])
    assert sorted(set(said) - read_coverage(Path("resources/fonts"))) == []


@pytest.mark.parametrize("language", OTHERS)
def test_every_reason_and_note_of_a_curve_is_known(language):
    told = translator(language)
    assert [x for x in (*Reason, *Note) if told(str(x)) == x] == []


@cache
def _skeletons(language):
    """Return the templates with each place as one mark."""
    sentences = read_section(language, "phrases")["sentences"]
    return [PLACE.sub("\0", english) for english in sentences]


def _literals(path, *, raised=False):
    """Yield what a module writes that reads like words: constants and f-strings, places marked."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    skipped = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Raise) and not raised:
            skipped |= {id(inner) for inner in ast.walk(node)}
        skipped |= {id(inner) for part in _not_sentences(node) for inner in ast.walk(part)}
        body = getattr(node, "body", None)
        if isinstance(body, list) and body and isinstance(body[0], ast.Expr):
            skipped.add(id(body[0].value))
        if isinstance(node, ast.JoinedStr):
            skipped |= {id(part) for part in node.values}
            skipped |= {id(p.format_spec) for p in node.values if isinstance(p, ast.FormattedValue)}
    for node in ast.walk(tree):
        if id(node) in skipped:
            continue
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
        elif isinstance(node, ast.JoinedStr):
            parts = (p.value if isinstance(p, ast.Constant) else "\0" for p in node.values)
            yield "".join(parts)


def _not_sentences(node):
    """Return the parts of a node that no report shows: patterns, annotations, names of formats."""
    if isinstance(node, ast.FunctionDef):
        return [node.returns] if node.returns else []
    if isinstance(node, ast.AnnAssign | ast.arg):
        return [node.annotation] if node.annotation else []
    if not isinstance(node, ast.Call):
        return []
    named = [keyword.value for keyword in node.keywords if keyword.arg in ("title", "instrument")]
    in_re = isinstance(node.func, ast.Attribute) and ast.unparse(node.func.value) == "re"
    return [*named, *node.args] if in_re else named


def _is_words(text):
    plain = text.replace("\0", "")
    return " " in text.strip() and re.search(r"[a-z]{2}", plain) is not None


# Read in an export, or written into a table that no report shows.
NOT_SAID = {"no ct", "no cq", "n. def.", "thousands separator", *NOT_A_NUMBER}
ONLY_IN_TABLES = "mmol/l monovalent cations"
# Headings, keys and values that readers look for in an export.
HEADINGS = {
    "Agilent AriaMx",
    "Analytik Jena",
    "Applied Biosystems 7500",
    "Applied Biosystems 7500 Fast",
    "Applied Biosystems 7900HT",
    "File API",
    "Quan. AmpData",
    "Quan. Result",
    "Roche LightCycler 480",
    "Roche LightCycler 96",
    "Run Information",
    "TC Protocol:",
    "analysis name",
    "automatic baseline",
    "automatic ct threshold",
    "baseline end",
    "baseline start",
    "baseline stddev",
    "baseline stop",
    "block type",
    "c(t) mean",
    "auto threshold",
    "control status",
    "cq error",
    "cq mean",
    "cq (δr)",
    "cq (δrn)",
    "cq threshold",
    "crt mean",
    "crt threshold",
    "ct (dr)",
    "ct (drn)",
    "ct avg. treated ind.",
    "ct comment",
    "ct goi",
    "ct mean",
    "ct ref. gene",
    "ct sd",
    "ct threshold",
    "cycle #",
    "cycle number",
    "delta rn",
    "delta temp",
    "delta rn values",
    "detector name",
    "document name",
    "document type declaration",
    "edited call",
    "experiment file name",
    "experiment name",
    "experiment run end time",
    "free format",
    "gene name",
    "given conc (copies/ul)",
    "given conc (ng/ul)",
    "given conc.",
    "instrument type",
    "multicomponent data",
    "quality issue(s)",
    "quantification cycle method",
    "quantity (copies)",
    "ramp/plateau #",
    "reference gene",
    "rep. ct",
    "reporter dye",
    "result quality issues",
    "rn values",
    "rq replicate group result",
    "run started",
    "plate position",
    "run date",
    "run datetime",
    "run end data/time",
    "run end date/time",
    "run start date/time",
    "sample call",
    "sample id",
    "sample prep notes",
    "sample setup",
    "sample type",
    "software name",
    "software name and version",
    "software version",
    "standard curve result",
    "target call",
    "target color",
    "target name",
    "threshold (dr)",
    "threshold (drn)",
    "threshold (δr)",
    "threshold (δrn)",
    "threshold cycle ( c(t) )",
    "threshold cycle (ct)",
    "unexpected end of data",
    "well call",
    "well id",
    "well name",
    "well position",
    "well type",
}
# Joints, which the catalogue has beside its sentences.
JOINTS = {" or by ", " or ", " and "}


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_every_sentence_of_the_stages_has_an_entry(language, path):
    assert _without_entry(language, _literals(path)) == []


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("path", INGEST, ids=lambda path: path.stem)
def test_every_sentence_on_an_export_has_an_entry(language, path):
    assert _without_entry(language, _literals(path, raised=True)) == []


def _without_entry(language, texts):
    known = "\n".join(_skeletons(language))
    # A clause may stand where the catalogue has its own text: compare the pieces between places.
    missing = []
    for text in filter(_is_words, texts):
        if text in JOINTS | NOT_SAID | HEADINGS or ONLY_IN_TABLES in text:
            continue
        # A pattern, or an error of the configuration, which ends the program before any report.
        if text.startswith(("(?:", "config: ")):
            continue
        pieces = [piece.strip(" ;:.,()") for piece in text.split("\0")]
        pieces = [p for clause in pieces for p in re.split(r"; |: ", clause)]
        if any(re.search(r"[a-z]{2} ?", p) and p not in known for p in pieces):
            missing.append(text)
    return missing


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("Ct 36.5 is not below 36", "Ct 36.5 不低于 36"),
        ("standard curve, Ct 28.3951 below 36", "曲线典型，Ct 28.3951 低于 36"),
        ("no Ct, no amplification (no rise)", "无 Ct，无扩增（无上升）"),
        ("F.2a/R-7, F.4/R-7 negative", "F.2a/R-7、F.4/R-7 阴性"),
        (
            "F.4/R-7 positive, explained by Δ4-7; F.2a/R-7 negative",
            "F.4/R-7 阳性（可由 Δ4-7 解释）；F.2a/R-7 阴性",
        ),
        (
            "F.4/R-7 unknown: C9 positive (standard curve, Ct 28.1 below 36), "
            "H9 negative (no Ct, no amplification (no rise)), replicates disagree",
            "F.4/R-7 未定：C9 阳性（曲线典型，Ct 28.1 低于 36），"
            "H9 阴性（无 Ct，无扩增（无上升）），复孔不一致",
        ),
        ("excluded: bubble; no Ct", "已剔除：bubble；无 Ct"),
        ("possible: Δ4-7, mixed", "可能为：Δ4-7、混合型"),
        (
            "samplesheet.csv line 5: role 'x y' is unknown; expected one of unknown, ntc",
            "samplesheet.csv 第 5 行：角色 'x y' 未知；应为 unknown、ntc 之一",
        ),
        (
            "my run.csv line 3: Ct of A1 is '3,5;'; expected a number or Undetermined",
            "my run.csv 第 3 行：A1 的 Ct 为 '3,5;'；应为数字或 Undetermined",
        ),
        (
            "a.csv and b.csv: well A1 has 'T' twice; expected each reaction once; "
            "take one of the two exports out of the folder",
            "a.csv 与 b.csv：孔 A1 的 'T' 出现两次；每个反应应只出现一次；"
            "请将两个导出文件之一移出文件夹",
        ),
        (
            "A1, A2: the export's sample is 'a', 'b' and 3 more, the sample sheet's 'c', "
            "which counts",
            "A1、A2：导出的样本为 'a', 'b' 等，另有 3 个，样本表为 'c'，以样本表为准",
        ),
        (
            "off-target: 2 products of 100 to 1,200 bp with F.4 (in one reaction, though an edit "
            "may hinder) in the genome: chr7:50-60, 1 edit; chr8:1-2, exact",
            "脱靶：基因组中与 F.4 有 2 个 100 至 1,200 bp 的产物（同一反应，但差异可能阻碍）："
            "chr7:50-60，1 处差异；chr8:1-2，完全匹配",
        ),
        (
            "a b.rdml: 2 runs ('x', 'y'): run on 2026-01-31 and no date; expected one plate; "
            "export each plate into a file of its own",
            "a b.rdml：2 个批次（'x'、'y'）：运行日期为 2026-01-31 与无；应为一块孔板；"
            "请将每块孔板导出为单独的文件",
        ),
        (
            "a.txt: programs '2', '3' may be the amplification; found program 2 (45 points over "
            "0 °C), program 3 (50 points over 1 °C); export the amplification program alone",
            "a.txt：程序 '2'、'3' 均可能是扩增程序；找到 程序 2（45 个点，温度范围 0 °C），"
            "程序 3（50 个点，温度范围 1 °C）；请只导出扩增程序",
        ),
        (
            "one value a run: within and between runs together 1.2e-05; "
            "between days: estimated below 0, given as 0",
            "每批次一个值：批内与批间合计 1.2e-05；日间：估计值低于 0，记为 0",
        ),
        (
            "off-target sites in the genome: 1,234 with 2 edits, 3 exact",
            "基因组中的脱靶位点：2 处差异者 1,234 个，完全匹配 3 个",
        ),
    ],
)
def test_sentences_in_chinese(english, chinese):
    assert translator("zh")(english) == chinese


@pytest.mark.parametrize(
    "name", ["positive", "no Ct", "{ct}", "阳性", "a\\1b", "S (1): x", "喆堃䶮", "<b>&amp;"]
)
def test_names_stay_as_they_are(name):
    english = f"wild-type control of F.4/R-7 A2 ({name}: Ct 32.3 below 36): "
    english += "positives of the assay are invalid; repeat the assay with this control"
    said = translator("zh")(english)
    assert f"A2（{name}：Ct 32.3 低于 36）" in said


def test_what_is_not_known_stays_english_as_a_whole_and_is_counted():
    told = translator("zh")
    text = "no Ct; the moon was full"
    assert told(text) == text
    assert list(told.missed) == [text]
    assert told("no Ct") == "无 Ct"
    assert len(told.asked) == 2


@pytest.mark.parametrize(
    "text",
    [
        "F.4/R-7 was odd: no Ct",
        "the moon (PNG image)",
        "the moon, exact",
        "the moon is no well",
        "the moon; expected a number or Undetermined",
        "expected a full moon",
    ],
)
def test_no_sentence_is_half_translated(text):
    assert translator("zh")(text) == text


def test_english_is_not_touched():
    told = translator("en")
    assert told("anything; at all") == "anything; at all"
    assert not told.missed


def test_a_long_text_takes_no_long_time():
    told = translator("zh")
    text = ", ".join(f"A{n % 24 + 1} Ct 23.1 below 36 (" for n in range(600))
    assert told(text) == text
    assert told.missed


def _sentences(called, levels=None):
    """Return every sentence in the tables of a run."""
    rows = [*called.wells, *called.samples, *called.findings]
    rows += [*levels.levels, *levels.standards, *levels.findings] if levels else []
    texts = (getattr(row, name, "") for row in rows for name in TEXTS)
    return {text for text in texts if text}


@pytest.fixture(scope="module")
def said():
    """Return every sentence of the demo runs and of made-up ones with all kinds of trouble."""
    found = set()
    for path in sorted((DEMO / "runs").iterdir()):
        record, reactions, curves = read_run(path, panel=PANEL, settings=SETTINGS)
        for unconfirmed in (frozenset(), frozenset({"R-8"})):
            run = (record, reactions, curves, products())
            found |= _sentences(
                call_run(*run, panel=PANEL, settings=CALLS, unconfirmed=unconfirmed)
            )
    whole = [*bench.controls(), *bench.sample("S", "+-----"), *bench.sample("T", "------")]
    overrides = [
        Override("well", "A1", "", "negative", "Dr X", "2026-01-31", "seen; again"),
        Override("sample", "S", "", "mixed", "Dr X", "2026-01-31", "seen"),
        Override("sample", "Q", "", "mixed", "Dr X", "2026-01-31", "seen"),
    ]
    for entries in (whole, whole[7:], bench.sample("S", "++++++", alb=(31.0, bench.STANDARD))):
        found |= _sentences(bench.call(*entries, overrides=overrides))
    return found


@pytest.mark.parametrize("language", OTHERS)
def test_every_sentence_of_called_runs_is_known(language, said):
    told = translator(language)
    for text in sorted(said):
        told(text)
    assert len(told.asked) > 200
    assert list(told.missed) == []


def test_a_report_in_chinese_prints_rare_characters_or_marks_them():
    coverage = read_coverage(Path("resources/fonts"))
    assert set("喆堃䶮燊龑") <= coverage
    source = example_source(language="zh", laboratory="喆堃䶮\U00020000")
    document = compose(source, coverage)
    assert document["meta"]["laboratory"] == source.laboratory
    assert document["meta"]["replaced"] == {"\U00020000": "U+20000"}
    told = [f["sentence"] for f in document["findings"] if f["code"] == "characters_replaced"]
    assert ["U+20000" in sentence for sentence in told] == [True]


def test_a_report_says_how_many_sentences_it_shows_in_english():
    odd = Finding(Level.INFO, "run", "run", "odd", "the moon was full")
    document = compose(example_source(language="zh", findings=[odd]), frozenset())
    told = {f["code"]: f["sentence"] for f in document["findings"]}
    assert told["odd"] == "the moon was full"
    assert "以英文显示" in told["sentences_untranslated"]
