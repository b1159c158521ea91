"""run.yaml: notes and signed overrides, and what is wrong with them."""

import pytest
from ingest_exports import PANEL, PLAIN, read_folder, rejection

from breakpoint_pcr.runs import Override

SIGNED = "by: B. Example, date: 2026-01-31, reason: looked at the curve"
LABELS = [deletion.label for deletion in PANEL.deletions]
FOUR_SEVEN = "Δ" + "4-7"


def read(tmp_path, text):
    record, _, _ = read_folder(tmp_path, {"e.csv": PLAIN, "run.yaml": text})
    assert record.status == "read", record.reason
    return record


def test_notes_keep_their_letters(tmp_path):
    """YAML would make 83 of the lot 00123, and a date of the other."""
    record = read(
        tmp_path, "operator: A. Example\nkit_lot: 00123\nprimer_lot: 2026-01-01\ncomments: no\n"
    )
    assert record.laboratory == {
        "operator": "A. Example",
        "kit_lot": "00123",
        "primer_lot": "2026-01-01",
        "comments": "no",
    }


@pytest.mark.parametrize("text", ["", "# nothing\n", "overrides:\n", "overrides: []\n"])
def test_an_empty_file_says_nothing(tmp_path, text):
    record = read(tmp_path, text)
    assert (record.laboratory, record.overrides) == (None, ())


def test_overrides(tmp_path):
    record = read(
        tmp_path,
        "overrides:\n"
        f"- {{well: a01, outcome: positive, {SIGNED}}}\n"
        f"- {{well: A2, assay: albumin, outcome: invalid, {SIGNED}}}\n"
        f"- {{sample: S1, call: del4-7, {SIGNED}}}\n"
        f"- {{sample: S1, call: mixed, {SIGNED}}}\n",
    )
    signed = ("B. Example", "2026-01-31", "looked at the curve")
    assert record.overrides == (
        Override("well", "A1", "", "positive", *signed),
        Override("well", "A2", "ALB", "invalid", *signed),
        Override("sample", "S1", "", FOUR_SEVEN, *signed),
        Override("sample", "S1", "", "mixed", *signed),
    )


CALLS = ", ".join([*LABELS, "mixed", "negative", "inconclusive", "invalid"])


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (
            "operater: x\n",
            " line 1: key 'operater' is unknown; expected operator, kit_lot, primer_lot, comments, "
            "report_version, supersedes, amendment, overrides",
        ),
        ("operator: x\noperator: y\n", " line 2: key 'operator' stands twice; delete one"),
        (
            "operator: [x]\n",
            " line 1: expected text; write it on one line or in quotes",
        ),
        (
            "- x\n",
            " line 1: expected keys and values; the keys are operator, kit_lot, primer_lot, "
            "comments, report_version, supersedes, amendment, overrides",
        ),
        (
            "overrides: yes\n",
            " line 1: expected a list; begin each override with a hyphen",
        ),
        (
            f"overrides:\n- {{well: A1, call: mixed, {SIGNED}}}\n",
            " line 2: key 'call' does not go with 'well'; take one out",
        ),
        (
            "overrides:\n- {well: A1, outcome: positive, by: B, date: 2026-01-31}\n",
            " line 2: override lacks 'reason'; expected well, assay, outcome, by, date, reason",
        ),
        (
            "overrides:\n- {sample: S1, call: mixed, by: '', date: 2026-01-31, reason: r}\n",
            " line 2: override lacks 'by'; expected sample, call, by, date, reason",
        ),
        (
            "overrides:\n- {well: A1, outcome: positive, by: B, date: 31.1.2026, reason: r}\n",
            " line 2: date '31.1.2026'; expected one such as 2026-01-31",
        ),
        (
            "overrides:\n- {well: A1, outcome: positive, by: B, date: 20260131, reason: r}\n",
            " line 2: date '20260131'; expected one such as 2026-01-31",
        ),
        (
            f"overrides:\n- {{well: A1, outcome: good, {SIGNED}}}\n",
            " line 2: outcome 'good'; expected one of positive, negative, review, invalid",
        ),
        (
            f"overrides:\n- {{sample: S1, call: 1-8, {SIGNED}}}\n",
            f" line 2: call '1-8'; expected one of {CALLS}",
        ),
        (
            f"overrides:\n- {{well: A1:A3, outcome: positive, {SIGNED}}}\n".replace(
                "A1:A3", "'A1:A3'"
            ),
            " line 2: 'A1:A3' is several wells; expected one such as A1",
        ),
        (
            f"overrides:\n- {{well: Z1, outcome: positive, {SIGNED}}}\n",
            " line 2: 'Z1' is no well; expected one such as A1",
        ),
        (
            f"overrides:\n- {{well: A1, assay: X, outcome: positive, {SIGNED}}}\n",
            " line 2: assay 'X' is unknown; expected one of "
            + ", ".join(assay.name for assay in PANEL.assays),
        ),
        (
            "operator: [x\n",
            " line 2: no valid YAML (expected ',' or ']', but got '<stream end>'); mend it",
        ),
        ("operator: *x\n", " line 1: no valid YAML (found undefined alias 'x'); mend it"),
        ("[" * 20_000, ": no valid YAML; mend it"),
        (b"operator: M\xfcller\n", ": not UTF-8; save it as UTF-8"),
        (b"operator: a\0b\n", ": no valid YAML; mend it"),
        ("#" * 70_000, ": larger than 65536 bytes; keep it to notes"),
        (
            "operator: !!python/object/apply:os.system [ls]\n",
            " line 1: expected text; write it on one line or in quotes",
        ),
    ],
)
def test_bad_notes_are_one_line(tmp_path, text, reason):
    assert rejection(tmp_path, {"e.csv": PLAIN, "run.yaml": text}) == f"run.yaml{reason}"


def test_a_tag_runs_nothing(tmp_path):
    assert read(tmp_path, "operator: !!python/name:os.system x\n").laboratory == {"operator": "x"}


def test_another_name_is_not_passed_over(tmp_path):
    assert rejection(tmp_path, {"e.csv": PLAIN, "run.yml": ""}) == (
        "run.yml: looks like run.yaml; rename it to run.yaml, or remove it"
    )
