"""Raw curves from a file of their own: does each rise where its Ct says?

Raw light and Rn cross no exported threshold, so nothing else ties such a curve to its Ct. But a
curve has risen half of its way a few cycles after its Ct: on real plates (353 curves in ten files)
1.4 cycles before to 7.1 after, and all but one within 1.7 cycles of the median of their target.
A curve that is further off is of another reaction, or its Ct was edited or is an artefact.
"""

from collections.abc import Iterator, Sequence

from breakpoint_pcr.ingest.checks import crossing
from breakpoint_pcr.ingest.merging import Placed
from breakpoint_pcr.tables import CurveKind, Finding, Level

KINDS = frozenset({CurveKind.RAW, CurveKind.RN})
# Cycles from the Ct to half of the rise: of any curve, and off the median of its target.
LAG_MIN, LAG_MAX = -4.0, 10.0
OFF_MEDIAN_MAX = 3.0
# Fewer Cts show no median.
CTS_MIN = 3
# The light settles in the first cycles.
SETTLED_FROM = 2


def check_rises(places: Sequence[Placed]) -> Iterator[Finding]:
    """Yield a finding for each joined raw curve that does not rise where its Ct says."""
    groups: dict[tuple[str, str, str], list[tuple[Placed, float | None]]] = {}
    for place in places:
        record = place.record
        if place.export.curve_files and record.curve_kind in KINDS and record.ct is not None:
            rise = half_rise(record.values)
            lag = None if rise is None else rise - record.ct
            key = (place.export.file, record.target, record.dye)
            groups.setdefault(key, []).append((place, lag))
    for group in groups.values():
        lags = [lag for _, lag in group if lag is not None]
        middle = _middle(lags)
        yield from (_finding(place, lag) for place, lag in group if _is_off(lag, middle))


def _middle(lags: Sequence[float]) -> float | None:
    from statistics import median  # noqa: PLC0415 - slow to load, and most runs need none

    return median(lags) if len(lags) >= CTS_MIN else None


def half_rise(values: Sequence[float | None]) -> float | None:
    """Return the cycle (1-based, interpolated) at which a curve last passes half of its rise."""
    numbers = [value for value in values[SETTLED_FROM:] if value is not None]
    if not numbers:
        return None
    start = values.index(min(numbers), SETTLED_FROM)
    rising = values[start:]
    top = max(value for value in rising if value is not None)
    cycle = crossing(rising, (min(numbers) + top) / 2)
    return None if cycle is None else cycle + start


def _is_off(lag: float | None, middle: float | None) -> bool:
    if lag is None or not LAG_MIN <= lag <= LAG_MAX:
        return True
    return middle is not None and abs(lag - middle) > OFF_MEDIAN_MAX


def _finding(place: Placed, lag: float | None) -> Finding:
    record = place.record
    name = record.target or record.dye
    sentence = f"{record.well} {name}: Ct {record.ct_text}, but the curve never rises"
    if lag is not None and record.ct is not None:
        sentence = (
            f"{record.well} {name}: Ct {record.ct_text}, but the curve has risen half of its way "
            f"at cycle {record.ct + lag:.1f}; compare with the instrument's screen"
        )
    return Finding(Level.WARNING, "well", record.well, "ct_off_curve", sentence)
