"""A digest of the modules that a stage uses, so that an edit in the library reruns that stage."""

import ast
from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from pathlib import Path

PACKAGE = Path(__file__).parent


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
        waiting += [_file(name) for name in _imports(path)]
    return found


def _file(module: str) -> Path | None:
    base = PACKAGE.joinpath(*module.split("."))
    candidates = (base.with_suffix(".py"), base / "__init__.py")
    return next((path for path in candidates if path.is_file()), None)


def _data(folder: Path) -> Iterator[Path]:
    """Yield what a subpackage carries beside its modules: templates and wording."""
    if folder != PACKAGE:
        inside = (path for path in folder.rglob("*") if path.is_file())
        yield from (p for p in inside if p.suffix not in {".py", ".pyc"})


@cache
def _imports(path: Path) -> tuple[str, ...]:
    """Return the dotted names inside the package that a module imports, at any depth."""
    prefix = f"{PACKAGE.name}."
    names: list[str] = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            full = f"{node.module}."
            names += [f"{node.module}.{alias.name}" for alias in node.names]
            names += [node.module] if full.startswith(prefix) else []
        elif isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
    return tuple(n.removeprefix(prefix) for n in names if n.startswith(prefix))
