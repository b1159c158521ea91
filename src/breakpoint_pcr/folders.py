"""Where things lie: run folders, and paths of the project."""

import re
from collections.abc import Sequence
from pathlib import Path

from breakpoint_pcr.errors import ConfigError
from breakpoint_pcr.resources import INFO

RUN_NAME = re.compile(r"[A-Za-z0-9._-]{1,64}")
# Snakemake takes braces in a path for a wildcard, a line break ends a line of its metadata, marks
# that turn the direction of text show another name, and half a surrogate pair cannot be written.
FILE_NAME = re.compile("[^{}\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]+")


def project_path(path: str, base: Path) -> Path:
    """Return a path of the configuration: as it stands, or below the project's folder.

    Raises:
        ConfigError: There is no such path.
    """
    for candidate in (Path(path), base / path):
        if candidate.exists():
            return candidate
    raise ConfigError(f"config: {path} does not exist; name an existing folder")


def facts_folder(path: str, base: Path, key: str) -> Path:
    """Return the folder of a panel or a reference that a key of the configuration names.

    Raises:
        ConfigError: There is no such folder, or it holds no info.yaml.
    """
    folder = project_path(path, base)
    if not (folder / INFO).is_file():
        raise ConfigError(
            f"config: {key}: {path} holds no {INFO}; name a {key} folder "
            f"(breakpoint-pcr make-{key} makes one)"
        )
    return folder


def optional_file(path: str | None, base: Path, key: str) -> list[str]:
    """Return the file that a key of the configuration names, as a list; empty where it is null.

    Raises:
        ConfigError: There is no such file.
    """
    if path is None:
        return []
    for file in (Path(path), base / path):
        if file.is_file():
            return [str(file)]
    raise ConfigError(f"config: {key}: {path} does not exist; name an existing file, or null")


def listed_files(paths: str | Sequence[str] | None, base: Path, key: str) -> list[str]:
    """Return the files that a key names, and those of its folders; hidden ones are left out.

    Raises:
        ConfigError: A path does not exist, or a folder holds no file.
    """
    names = [paths] if isinstance(paths, str) else list(paths or ())
    files: list[str] = []
    for name in names:
        folder = next((p for p in (Path(name), base / name) if p.is_dir()), None)
        if folder is None:
            files += optional_file(name, base, key)
            continue
        inside = [p for p in sorted(folder.iterdir()) if p.is_file()]
        found = [str(p) for p in inside if not p.name.startswith(".")]
        if not found:
            raise ConfigError(f"config: {key}: {name} holds no file; put some there, or write null")
        files += found
    return files


def find_runs(folders: str | Sequence[str], base: Path) -> tuple[dict[str, Path], list[str]]:
    """Return the run folders by name, and one line for each folder that cannot be a run.

    Raises:
        ConfigError: A folder of runs does not exist, or none of them holds a run.
    """
    names = [folders] if isinstance(folders, str) else list(folders)
    runs: dict[str, Path] = {}
    refused: list[str] = []
    for parent in (project_path(name, base) for name in names):
        if not parent.is_dir():
            raise ConfigError(f"config: runs: {parent} is no folder; name a folder of run folders")
        for path in sorted(p for p in parent.iterdir() if _is_run(p)):
            if problem := _refusal(path, runs):
                refused.append(problem)
            else:
                runs[path.name] = path
    if not runs and not refused:
        raise ConfigError(
            f"config: runs: no run folder in {', '.join(names)}; put each run's export into a "
            "folder of its own below it"
        )
    return runs, refused


def _is_run(path: Path) -> bool:
    return path.is_dir() and not path.name.startswith(".")


def _refusal(path: Path, runs: dict[str, Path]) -> str | None:
    if not RUN_NAME.fullmatch(path.name):
        return (
            f"{path.parent.name}/{_shown(path)}: not a run name; use up to 64 of "
            "A-Z a-z 0-9 . _ - and rename the folder"
        )
    if path.name in runs:
        return f"{path.name}: two run folders have this name; rename one"
    try:
        odd = [file for file in folder_files(path) if not FILE_NAME.fullmatch(file.name)]
    except OSError as problem:
        return f"{path.name}: cannot be opened ({problem.strerror}); mend the folder's permissions"
    if odd:
        return f"{path.name}/{_shown(odd[0])}: braces or line breaks in a name; rename the file"
    return None


def _shown(path: Path) -> str:
    """Return a name on one line, whatever letters it holds."""
    return ascii(path.name)[1:-1]


def folder_files(folder: Path) -> list[Path]:
    """Return the files of a run folder, sorted; hidden files and office lock files are no input."""
    files = (path for path in folder.iterdir() if path.is_file())
    return sorted(path for path in files if not path.name.startswith((".", "~$")))
