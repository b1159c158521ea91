"""Which program made a result: versions of the program and of the libraries behind its numbers."""

import platform
from importlib.metadata import version

LIBRARIES = (
    *("snakemake", "biopython", "primer3-py", "numpy", "pandas", "scipy", "statsmodels"),
    *("matplotlib", "python-calamine", "typst"),
)


def versions() -> dict[str, str]:
    """Return version by program or library, this program first."""
    program = __name__.partition(".")[0].replace("_", "-")
    found = {program: version(program), "python": platform.python_version()}
    return found | {name: version(name) for name in LIBRARIES}
