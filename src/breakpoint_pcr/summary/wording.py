"""The words of the page and the figure, and those of the report."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from breakpoint_pcr.config import read_yaml
from breakpoint_pcr.explanation import MIXED
from breakpoint_pcr.languages.files import ENGLISH, read_section
from breakpoint_pcr.report.wording import Words, load_words

FOLDER = Path(__file__).parent / "wording"


@dataclass(frozen=True, slots=True)
class PageWords:
    """Labels and sentences of the summary; flags, calls, levels and numbers as in the report."""

    labels: Mapping[str, str]
    report: Words

    def say(self, key: str, **values: object) -> str:
        """Return a sentence, filled in."""
        return self.labels[key].format(**values)

    def call(self, call: str) -> str:
        """Return the short word for a call; a class label is its own word."""
        return self.report.word("call_chips", "mixed_open" if call == MIXED else call)


def load_page_words(language: str) -> PageWords:
    """Read the wording of a language.

    Raises:
        ConfigError: There is no wording of this language.
    """
    report = load_words(language)
    labels = (
        read_yaml(FOLDER / "en.yaml") if language == ENGLISH else read_section(language, "summary")
    )
    return PageWords(labels, report)
