"""From single reactions of known copies to hit rates and detection limits."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from statistics import fmean, stdev

from breakpoint_pcr.statistics.agreement import wilson_interval
from breakpoint_pcr.statistics.detection import Dose, detection_of
from breakpoint_pcr.validation.rows import CutoffCurve, CutoffLevel

ALL = "all"


@dataclass(frozen=True, slots=True)
class DilutionWell:
    """A reaction with this mean number of copies; `ct` only where the curve shows a rise.

    `instrument` is empty where nobody says which; it then counts among all together only.
    """

    assay: str
    instrument: str
    copies: float
    positive: bool
    ct: float | None


def cutoff_levels(
    wells: Iterable[DilutionWell], assays: Sequence[str], *, confidence: float
) -> list[CutoffLevel]:
    """Return the rates by assay, instrument and copies; the last instrument is all together."""
    groups: dict[tuple[str, str, float], list[DilutionWell]] = {}
    for well in wells:
        for instrument in filter(None, (well.instrument, ALL)):
            groups.setdefault((well.assay, instrument, well.copies), []).append(well)

    def place(key: tuple[str, str, float]) -> tuple[int, bool, str, float]:
        assay, instrument, copies = key
        return assays.index(assay), instrument == ALL, instrument, copies

    return [_level(key, groups[key], confidence) for key in sorted(groups, key=place)]


def _level(
    key: tuple[str, str, float], wells: Sequence[DilutionWell], confidence: float
) -> CutoffLevel:
    positive = sum(well.positive for well in wells)
    cts = [well.ct for well in wells if well.ct is not None]
    low, high = wilson_interval(positive, len(wells), confidence)
    return CutoffLevel(
        *key,
        wells=len(wells),
        positive=positive,
        rate=positive / len(wells),
        rate_low=low,
        rate_high=high,
        ct_mean=fmean(cts) if cts else None,
        ct_sd=stdev(cts) if len(cts) > 1 else None,
    )


def cutoff_curves(
    levels: Iterable[CutoffLevel], *, confidence: float, notes: Mapping[str, str]
) -> list[CutoffCurve]:
    """Return the detection limits of each assay over all instruments together.

    Where there are several instruments, the reason also gives the range of their own C95: a curve
    through all of them together is steep only where they are alike. `notes` are what else to say of
    an assay, beside what the fit says.
    """
    series: dict[str, dict[str, list[Dose]]] = {}
    for row in levels:
        mine = series.setdefault(row.assay, {}).setdefault(row.instrument, [])
        mine.append(Dose(row.copies, row.wells, row.positive))
    return [
        _curve(assay, by_instrument, confidence, notes.get(assay, ""))
        for assay, by_instrument in series.items()
    ]


def _curve(
    assay: str, series: Mapping[str, Sequence[Dose]], confidence: float, note: str
) -> CutoffCurve:
    doses = series[ALL]
    found = asdict(detection_of(doses, confidence=confidence))
    words = (note, found.pop("reason"), _by_instrument(series, confidence))
    wells = sum(dose.wells for dose in doses)
    return CutoffCurve(
        assay=assay,
        levels=len(doses),
        wells=wells,
        **found,
        reason="; ".join(filter(None, words)),
    )


def _by_instrument(series: Mapping[str, Sequence[Dose]], confidence: float) -> str:
    """Return the range of C95 of the instruments; empty where there is but one."""
    alone = {
        name: detection_of(doses, confidence=confidence).c95
        for name, doses in series.items()
        if name != ALL
    }
    limits = sorted((c95, name) for name, c95 in alone.items() if c95 is not None)
    if len(alone) < 2 or not limits:  # noqa: PLR2004
        return ""
    (low, first), (high, last) = limits[0], limits[-1]
    without = ", ".join(name for name, c95 in alone.items() if c95 is None)
    words = f"C95 by instrument: {low:.3g} ({first}) to {high:.3g} ({last})"
    return f"{words}, none for {without}" if without else words
