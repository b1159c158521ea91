"""How shares, intervals and copies are written."""

from collections.abc import Mapping

from breakpoint_pcr.report.wording import Words

SHARE_DIGITS = 2
COPIES_DIGITS = 3
NONE_LEFT = 1e-12  # below this a share is 0, or its complement is: rounding of the sums behind it
THOUSAND = 1000


def percent(share: float | None, words: Words, digits: int = SHARE_DIGITS) -> str:
    """Return a share in percent; only 0 is written 0, and only 1 is written 100."""
    if share is None:
        return words.missing
    step = 10.0**-digits
    shown = round(100 * share, digits)
    if shown == 0 and share > NONE_LEFT:
        return f"<{words.number(step, digits)}"
    if shown >= 100 and 1 - share > NONE_LEFT:  # noqa: PLR2004
        return f">{words.number(100 - step, digits)}"
    return words.number(shown + 0.0, digits)


def bounds(low: float | None, high: float | None, words: Words) -> str:
    """Return an interval of shares in percent."""
    return words.say("range", low=percent(low, words), high=percent(high, words))


def share_with(share: float | None, low: float | None, high: float | None, words: Words) -> str:
    """Return a share in percent with its interval."""
    if share is None:
        return words.missing
    return words.say(
        "interval", value=percent(share, words), low=percent(low, words), high=percent(high, words)
    )


def ratio(part: int, whole: int) -> float | None:
    """Return a share; None of nothing."""
    return part / whole if whole else None


def copies(value: float | None, words: Words) -> str:
    """Return a number of copies with three digits."""
    if value is None:
        return words.missing
    if value >= THOUSAND:
        return words.count(round(value))
    return words.plain(float(f"{value:.{COPIES_DIGITS}g}"))


def copies_with(value: float | None, low: float | None, high: float | None, words: Words) -> str:
    """Return a number of copies with its interval."""
    if value is None or low is None or high is None:
        return copies(value, words)
    ends = {"low": copies(low, words), "high": copies(high, words)}
    return words.say("interval", value=copies(value, words), **ends)


def flat(settings: Mapping[str, object], prefix: str = "") -> list[tuple[str, object]]:
    """Return every value of nested settings as `section.key`."""
    found: list[tuple[str, object]] = []
    for key, value in settings.items():
        if isinstance(value, Mapping) and value:
            found += flat(value, f"{prefix}{key}.")
        else:
            found.append((f"{prefix}{key}", value))
    return found
