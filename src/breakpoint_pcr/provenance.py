"""Which program made a result: versions of the program and of the libraries behind its numbers."""

import os
import platform
import shutil
import subprocess
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

LIBRARIES = (
    *("snakemake", "biopython", "primer3-py", "numpy", "pandas", "scipy", "statsmodels"),
    *("matplotlib", "python-calamine", "typst"),
)

CHECKOUT = Path(__file__).parents[2]
# What makes a result. The config is not among it: a report shows its values.
PROGRAM = ("Snakefile", "resources", "scripts", "src", "workflow")
POINTER, LINK = "ref: ", "gitdir: "
SHORT_SHA, STATUS_SECONDS = 12, 10


@dataclass(frozen=True, slots=True)
class Commit:
    """The commit of a git checkout that the program runs from.

    `changed` tells whether tracked files of the program differ from it; None where git is not at
    hand to tell.
    """

    sha: str
    changed: bool | None

    @property
    def short(self) -> str:
        """The first letters of the commit, enough to find it."""
        return self.sha[:SHORT_SHA]


def commit(checkout: Path = CHECKOUT) -> Commit | None:
    """Return the commit of the checkout; None where the program was installed without one."""
    folder = _git_folder(checkout)
    sha = _head(folder) if folder else ""
    return Commit(sha, _changed(checkout)) if sha else None


def _git_folder(checkout: Path) -> Path | None:
    """Return the folder that holds HEAD; a worktree only has a file that leads there."""
    entry = checkout / ".git"
    if entry.is_dir():
        return entry
    text = _text(entry)
    return checkout / text.removeprefix(LINK) if text.startswith(LINK) else None


def _head(folder: Path) -> str:
    """Return the commit that HEAD names, from its own file or from the packed ones."""
    head = _text(folder / "HEAD")
    if not head.startswith(POINTER):
        return head
    name = head.removeprefix(POINTER)
    common = folder / (_text(folder / "commondir") or ".")
    if loose := _text(folder / name) or _text(common / name):
        return loose
    packed = (line.partition(" ") for line in _text(common / "packed-refs").splitlines())
    return next((sha for sha, _, ref in packed if ref == name), "")


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8").strip() if path.is_file() else ""


def _changed(checkout: Path) -> bool | None:
    git = shutil.which("git")
    if not git:
        return None
    command = [git, "-C", str(checkout), "status", "--porcelain", "--untracked-files=no", "--"]
    try:
        found = subprocess.run(  # noqa: S603
            [*command, *PROGRAM],
            capture_output=True,
            check=True,
            timeout=STATUS_SECONDS,
            # Reading must not write: without it git may refresh its index.
            env={**os.environ, "GIT_OPTIONAL_LOCKS": "0"},
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return bool(found.stdout.strip())


def versions() -> dict[str, str]:
    """Return version by program or library, this program first."""
    program = __name__.partition(".")[0].replace("_", "-")
    found = {program: version(program), "python": platform.python_version()}
    return found | {name: version(name) for name in LIBRARIES}
