"""Raw curves from a file of their own: does each rise where its Ct says?

Raw light and Rn cross no exported threshold, so nothing else ties such a curve to its Ct. But a
curve has risen half of its way a few cycles after its Ct; one that has not is of another reaction,
or its Ct was edited or is an artefact.

The limits are from 353 curves in ten files that hold Ct and curve together, for want of real raw
curves that were joined: 306 of ΔRn, 26 of RFU and 21 raw (one StepOne plate, one dye). They rise
from 1.4 cycles before their Ct to 7.1 after, and all but three within 1.7 cycles of the median of
their target. Those three are of two late targets (Ct beyond 28 of 40 cycles) of one file, where
the run's end cuts the rise. The raw light of four dyes in one LightCycler 96 file, 320 curves, does
not fit: 13 cycles before to 48 after, 108 of them off these limits. So raw light of several dyes
may be named wrongly; no call depends on it.
"""

from collections.abc import Iterator, Sequence

from breakpoint_pcr.ingest.checks import crossing
from breakpoint_pcr.ingest.merging import Placed
from breakpoint_pcr.tables import CurveKind, Finding, Level

KINDS = frozenset({CurveKind.RAW, CurveKind.RN})
# Cycles from the Ct to half of the rise: of any curve, and off the median of its target. Not in the
# configuration: they are the shape of PCR and no laboratory's choice, they change no call, and who
# widens them to silence a warning no longer hears of a wrong join.
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
        middle = _middle([lag for _, lag in group if lag is not None])
        for place, lag in group:
            left = len(place.record.values) - (place.record.ct or 0.0)
            if _is_off(lag, middle, cycles_left=left):
                yield _finding(place, lag)


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


def _is_off(lag: float | None, middle: float | None, *, cycles_left: float) -> bool:
    if lag is None or not LAG_MIN <= lag <= LAG_MAX:
        return True
    if middle is None:
        return False
    # The run's end cuts the rise of a late curve, so that half of what is left comes earlier.
    is_cut = cycles_left < 2 * middle
    return lag - middle > OFF_MEDIAN_MAX or (middle - lag > OFF_MEDIAN_MAX and not is_cut)


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
