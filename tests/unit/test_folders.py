"""Which folders are runs, and where the paths of a configuration lead."""

from pathlib import Path

import pytest

from breakpoint_pcr.errors import ConfigError
from breakpoint_pcr.folders import find_runs, folder_files, project_path


def make(base, *names):
    """Make run folders, each with an export."""
    for name in names:
        (base / name).mkdir(parents=True)
        (base / name / "export.csv").write_text("")
    return base


def test_each_subfolder_is_a_run(tmp_path):
    runs = make(tmp_path / "runs", "b", "a-1_x.y", ".hidden")
    (runs / "note.txt").write_text("no run")
    found, refused = find_runs("runs", tmp_path)
    assert found == {"a-1_x.y": runs / "a-1_x.y", "b": runs / "b"}
    assert list(found) == sorted(found)
    assert refused == []


def test_several_folders_of_runs_are_joined(tmp_path):
    make(tmp_path / "old", "a")
    make(tmp_path / "new", "b")
    found, _ = find_runs(["old", str(tmp_path / "new")], tmp_path)
    assert sorted(found) == ["a", "b"]


def test_a_name_in_two_folders_is_refused_once(tmp_path):
    """The first one stands, so that the run's results do not change their meaning."""
    make(tmp_path / "old", "a", "b")
    make(tmp_path / "new", "a")
    found, refused = find_runs(["old", "new"], tmp_path)
    assert found["a"] == tmp_path / "old/a"
    assert refused == ["a: two run folders have this name; rename one"]


@pytest.mark.parametrize("name", ["has blank", "{run}", "a{b", "a:b", "Größe", "x" * 65, "a\nb"])
def test_a_name_that_is_no_run_name_is_one_line(tmp_path, name):
    make(tmp_path / "runs", name, "good")
    found, refused = find_runs("runs", tmp_path)
    assert list(found) == ["good"]
    assert len(refused) == 1
    assert refused[0].startswith("runs/")
    assert "not a run name; use up to 64 of A-Z a-z 0-9 . _ - and rename the folder" in refused[0]
    assert refused[0].isascii()
    assert "\n" not in refused[0]


def test_the_longest_name_is_a_name(tmp_path):
    make(tmp_path / "runs", "x" * 64)
    assert find_runs("runs", tmp_path)[1] == []


@pytest.mark.parametrize("name", ["a{b}.csv", "a}.csv", "a\nb.csv", "a\tb.csv"])
def test_a_file_that_snakemake_cannot_name_refuses_its_run(tmp_path, name):
    make(tmp_path / "runs", "bad", "good")
    (tmp_path / "runs/bad" / name).write_text("")
    found, refused = find_runs("runs", tmp_path)
    assert list(found) == ["good"]
    assert len(refused) == 1
    assert refused[0].startswith("bad/a")
    assert refused[0].endswith("braces or line breaks in a name; rename the file")
    assert "\n" not in refused[0]


def test_only_refused_runs_are_still_runs(tmp_path):
    """They must be named at the end, so finding nothing else is no error."""
    make(tmp_path / "runs", "has blank")
    assert len(find_runs("runs", tmp_path)[1]) == 1


def test_no_run_at_all_is_one_line(tmp_path):
    (tmp_path / "runs").mkdir()
    with pytest.raises(ConfigError, match="config: runs: no run folder in runs; put each run's"):
        find_runs("runs", tmp_path)


def test_a_file_is_no_folder_of_runs(tmp_path):
    (tmp_path / "runs").write_text("")
    with pytest.raises(ConfigError, match="runs is no folder; name a folder of run folders"):
        find_runs("runs", tmp_path)


def test_paths_are_of_the_working_folder_then_of_the_project(tmp_path, monkeypatch):
    here, project = tmp_path / "here", tmp_path / "project"
    for folder in (here, project):
        make(folder / "runs", "a")
    (project / "panel").mkdir()
    monkeypatch.chdir(here)
    assert project_path("runs", project) == Path("runs")
    assert project_path("panel", project) == project / "panel"
    assert project_path(str(project / "runs"), project) == project / "runs"


@pytest.mark.parametrize("name", ["nowhere", "/nowhere/at/all", "a{b}"])
def test_a_missing_path_is_one_line(tmp_path, name):
    with pytest.raises(ConfigError) as caught:
        project_path(name, tmp_path)
    assert str(caught.value) == f"config: {name} does not exist; name an existing folder"


def test_files_are_sorted_and_visible(tmp_path):
    for name in ("b.csv", "a.csv", ".DS_Store", "~$a.xlsx", "~a.csv"):
        (tmp_path / name).write_text("")
    (tmp_path / "folder").mkdir()
    assert [path.name for path in folder_files(tmp_path)] == ["a.csv", "b.csv", "~a.csv"]


def test_a_locked_folder_is_refused(tmp_path, monkeypatch):
    make(tmp_path / "runs", "good", "locked")

    def listing(folder):
        if folder.name == "locked":
            raise PermissionError(13, "Permission denied", str(folder))
        return folder_files(folder)

    monkeypatch.setattr("breakpoint_pcr.folders.folder_files", listing)
    found, refused = find_runs("runs", tmp_path)
    assert list(found) == ["good"]
    assert refused == [
        "locked: cannot be opened (Permission denied); mend the folder's permissions"
    ]
