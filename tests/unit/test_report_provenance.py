"""Which program made a report: its version, its commit, and whether files were changed since."""

import os
import shutil
import subprocess
from dataclasses import replace

import pytest
from report_example import FONTS, example_record, example_source

from breakpoint_pcr.provenance import Commit, commit
from breakpoint_pcr.report.characters import read_coverage
from breakpoint_pcr.report.document import compose

COVERAGE = read_coverage(FONTS)
SHA = "0123456789abcdef0123456789abcdef01234567"
OTHER = "f" * 40


def git(folder, *words):
    if not shutil.which("git"):
        pytest.skip("git is not installed")
    names = {
        f"GIT_{who}_{what}": "a@b" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
    }
    clean = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    command = ["git", "-C", str(folder), *words]
    done = subprocess.run(
        command, capture_output=True, check=True, env={**os.environ, **names, **clean}
    )
    return done.stdout.decode().strip()


@pytest.fixture
def checkout(tmp_path):
    """A checkout with one program file and one config file."""
    git(tmp_path, "init", "--quiet")
    for name in ("src/code.py", "config/config.yaml"):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text("1\n")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "--quiet", "-m", "one")
    return tmp_path


def test_a_clean_checkout_names_its_commit(checkout):
    assert commit(checkout) == Commit(git(checkout, "rev-parse", "HEAD"), changed=False)


def test_a_changed_program_file_is_said_and_a_changed_config_is_not(checkout):
    (checkout / "config/config.yaml").write_text("2\n")
    assert commit(checkout).changed is False
    (checkout / "src/code.py").write_text("2\n")
    assert commit(checkout).changed is True


def test_a_worktree_and_packed_refs_are_read(checkout, tmp_path_factory):
    place = tmp_path_factory.mktemp("worktree") / "tree"
    git(checkout, "worktree", "add", "--quiet", "-b", "side", str(place))
    git(checkout, "pack-refs", "--all")
    assert commit(place).sha == commit(checkout).sha == git(checkout, "rev-parse", "HEAD")


def test_without_git_the_commit_is_read_and_changes_are_not_checked(tmp_path, monkeypatch):
    folder = tmp_path / ".git"
    folder.mkdir()
    (folder / "HEAD").write_text("ref: refs/heads/main\n")
    (folder / "packed-refs").write_text(
        f"# pack-refs\n{OTHER} refs/heads/x\n{SHA} refs/heads/main\n"
    )
    monkeypatch.setenv("PATH", str(tmp_path))
    assert commit(tmp_path) == Commit(SHA, changed=None)
    (folder / "HEAD").write_text(f"{OTHER}\n")
    assert commit(tmp_path) == Commit(OTHER, changed=None)


def test_a_repository_that_git_refuses_is_not_called_clean(tmp_path):
    folder = tmp_path / ".git"
    folder.mkdir()
    (folder / "HEAD").write_text(f"{SHA}\n")
    assert commit(tmp_path) == Commit(SHA, changed=None)


def test_no_checkout_no_commit(tmp_path):
    assert commit(tmp_path) is None
    (tmp_path / ".git").mkdir()
    assert commit(tmp_path) is None


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (False, "0123456789ab"),
        (True, "0123456789ab, program files changed since"),
        (None, "0123456789ab, changes since not checked"),
    ],
)
def test_the_report_says_commit_and_changes(changed, said):
    source = example_source(commit=Commit(SHA, changed))
    rows = compose(source, COVERAGE)["trace"]["software"]
    assert rows[:2] == [["breakpoint-pcr", "9.8.7"], ["git commit", said]]


def test_without_a_checkout_the_report_names_the_version_only():
    rows = compose(example_source(), COVERAGE)["trace"]["software"]
    assert rows == [["breakpoint-pcr", "9.8.7"], ["python", "3.11.0"], ["typst", "0.0.0"]]


def test_an_amended_report_says_so_on_page_1():
    notes = {"report_version": "2", "supersedes": "8e5443a1e652", "amendment": "row B, by A. B."}
    record = example_record(laboratory=notes)
    shown = compose(example_source(record=record), COVERAGE)["overview"]["facts"]
    assert [fact for fact in shown if fact[1] in notes.values()] == [
        ["Report version", "2"],
        ["Supersedes report", "8e5443a1e652"],
        ["Reason of the amendment", "row B, by A. B."],
    ]


def test_a_specimen_that_nobody_named_is_said_to_be_missing():
    source = example_source()
    pages = {page["sample"]: dict(page["facts"]) for page in compose(source, COVERAGE)["samples"]}
    assert pages["P-001"]["Specimen"] == "bone marrow"
    assert pages["P-002"]["Specimen"] == "not stated"
    nothing = replace(source, record=example_record(sheet=()))
    assert dict(compose(nothing, COVERAGE)["samples"][0]["facts"])["Specimen"] == "not stated"
