"""The words of the verification: its own, and those that it shares with the run report.

English: wording/en.yaml; every other language: its file in `breakpoint_pcr.languages`.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from breakpoint_pcr.config import read_yaml
from breakpoint_pcr.languages.files import ENGLISH, read_section
from breakpoint_pcr.report.wording import Words, load_words

FOLDER = Path(__file__).parent / "wording"
WHOLE = 100  # percent


def load_verification_words(language: str) -> Words:
    """Read the wording of a language; maps, numbers and conditions are worded as in a run report.

    Raises:
        ConfigError: There is no such language.
    """
    shared = load_words(language)
    own = _own(language)
    texts = {**shared.texts, **{key: _joined(shared.texts, key, own[key]) for key in own}}
    return Words(language, texts, shared.translator)


def _own(language: str) -> dict[str, Any]:
    if language == ENGLISH:
        return read_yaml(FOLDER / f"{ENGLISH}.yaml")
    return read_section(language, "verification")


def _joined(shared: Any, key: str, own: Any) -> Any:  # noqa: ANN401
    return {**shared[key], **own} if key in shared else own


def paragraph(sentences: Iterable[str], words: Words) -> str:
    """Return sentences one after the other; an empty one is left out."""
    return words.section("format")["between"].join(filter(None, sentences))


def signed(value: float | None, digits: int, words: Words) -> str:
    """Return a number with a minus sign that is as wide as a plus."""
    return words.number(value, digits).replace("-", "−")


def share(value: float | None, words: Words) -> str:
    """Return a share in whole percent; what is not quite all or none is never rounded to it."""
    if value is None:
        return words.missing
    rounded = round(WHOLE * value)
    if value < 1 and rounded == WHOLE:
        return words.say("almost_all", percent=WHOLE - 1)
    if value > 0 and rounded == 0:
        return words.say("almost_none", percent=1)
    return words.say("percent", percent=rounded)


def listed(items: Iterable[str], words: Words) -> str:
    """Return a list in words, or the mark for nothing."""
    return words.joined(items) or words.missing


def span(low: int | None, high: int | None, words: Words) -> str:
    """Return a range of whole numbers."""
    if low is None or high is None:
        return words.missing
    return words.count(low) if low == high else f"{words.count(low)}–{words.count(high)}"
