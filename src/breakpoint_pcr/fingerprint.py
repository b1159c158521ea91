"""A digest of the modules that a stage uses, so that an edit in the library reruns that stage."""

import re
from functools import cache
from hashlib import sha256
from pathlib import Path

PACKAGE = Path(__file__).parent
# `from package.a import b, c` and `from package.a import (b, c)`; the house has no other form.
IMPORT = re.compile(rf"^ *from {PACKAGE.name}((?:\.\w+)*) import (\([^)]*\)|.*)$", re.MULTILINE)
# A module that is loaded when its turn comes stands as a string.
LOADED = re.compile(rf'"{PACKAGE.name}\.([\w.]+)"')
NAME = re.compile(r"\w+")


def fingerprint(*modules: str) -> str:
    """Return a digest of the named modules, of all they import here, and of their data files.

    Args:
        modules: Dotted names inside the package, such as `ingest.reading`.
    """
    digest = sha256()
    for path in sorted({path for module in modules for path in _closure(module)}):
        digest.update(path.relative_to(PACKAGE).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _closure(module: str) -> set[Path]:
    """Return the files of a module and of everything in the package that it leads to."""
    found: set[Path] = set()
    waiting = [_file(module)]
    while waiting:
        path = waiting.pop()
        if path is None or path in found:
            continue
        found |= {path, *_data(path.parent)}
        waiting.append(_file(".".join(path.parent.relative_to(PACKAGE).parts)))
        waiting += [_file(name) for name in _imports(path)]
    return found


@cache
def _file(module: str) -> Path | None:
    base = PACKAGE.joinpath(*module.split("."))
    candidates = (base.with_suffix(".py"), base / "__init__.py") if module else ()
    return next((path for path in candidates if path.is_file()), None)


@cache
def _data(folder: Path) -> tuple[Path, ...]:
    """Return what a subpackage carries beside its modules: templates and wording.

    What lies in a subpackage of its own is that one's, so that an edit of a report's wording does
    not rerun a study.
    """
    inside = folder.rglob("*") if folder != PACKAGE else ()
    files = (p for p in inside if p.suffix not in {".py", ".pyc"} and p.is_file())
    return tuple(path for path in files if _owner(path) == folder)


def _owner(path: Path) -> Path:
    return next(folder for folder in path.parents if (folder / "__init__.py").is_file())


@cache
def _imports(path: Path) -> tuple[str, ...]:
    """Return the dotted names inside the package that a module may import, at any depth."""
    text = path.read_text(encoding="utf-8")
    found: list[str] = LOADED.findall(text)
    for origin, names in IMPORT.findall(text):
        module = origin.removeprefix(".")
        found += [f"{module}.{name}" if module else name for name in NAME.findall(names)]
        found += [module] if module else []
    return tuple(found)
