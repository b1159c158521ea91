"""The files of languages: `<language>.yaml`, one each.

Sections: report, summary, verification, validation, phrases. English is the language in which the
program writes its tables; its wording stands beside the code that shows it, and its sentences need
no translation.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from breakpoint_pcr.config import read_yaml
from breakpoint_pcr.errors import ConfigError

FOLDER = Path(__file__).parent
ENGLISH = "en"


def languages() -> tuple[str, ...]:
    """Return the codes of all languages."""
    return tuple(sorted([ENGLISH, *(path.stem for path in FOLDER.glob("*.yaml"))]))


def read_section(language: str, section: str) -> Any:  # noqa: ANN401
    """Return a section of a language's file.

    Raises:
        ConfigError: There is no such language.
    """
    return _file(language)[section]


@cache
def _file(language: str) -> Mapping[str, Any]:
    path = FOLDER / f"{language}.yaml"
    if not path.is_file():
        known = ", ".join(languages())
        raise ConfigError(f"config: report.language is {language!r}; expected one of {known}")
    return read_yaml(path)
