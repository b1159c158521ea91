"""How much a measurement of one material spreads within a run, between runs, between days.

Nested analysis of variance, day / run of the day / replicate of the run, by the method of moments.
On a balanced design this is CLSI EP05-A3; where runs or days hold different numbers the mean
squares have the expectations of Searle, Casella and McCulloch (Variance Components, 1992, doi
10.1002/9780470316856, chapter 5). A variance that is estimated below 0 is given as 0, and said.

What a design cannot tell apart has no number: it is None, and `reason` says so.
"""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from math import fsum, sqrt

Observation = tuple[Hashable, Hashable, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """Standard deviations in the unit of the values; None where the design does not tell."""

    days: int
    runs: int
    values: int
    mean: float | None
    repeatability_sd: float | None
    between_run_sd: float | None
    between_day_sd: float | None
    within_laboratory_sd: float | None
    reason: str


@dataclass(frozen=True, slots=True)
class _Table:
    """Mean squares of a nested table, with their degrees of freedom.

    `run_size` and `day_size` are the factors of the variance between runs in the expectation of the
    mean squares of runs and of days, `day_factor` that of the variance between days.
    """

    error: float
    error_freedom: int
    run: float
    run_freedom: int
    run_size: float
    day: float
    day_freedom: int
    day_size: float
    day_factor: float


def spread_of(observations: Iterable[Observation]) -> Spread:
    """Return the components of spread of values that are labelled with (day, run).

    A run is told apart from another by day and run together.
    """
    days = _nested(observations)
    runs = [values for day in days for values in day]
    values = [value for run in runs for value in run]
    mean = _mean(values) if values else None
    repeatability, between_run, between_day, total, reasons = _components(days)
    return Spread(
        days=len(days),
        runs=len(runs),
        values=len(values),
        mean=mean,
        repeatability_sd=repeatability,
        between_run_sd=between_run,
        between_day_sd=between_day,
        within_laboratory_sd=total,
        reason="; ".join(reasons),
    )


def _nested(observations: Iterable[Observation]) -> list[list[list[float]]]:
    """Return the values of each run of each day."""
    days: dict[Hashable, dict[Hashable, list[float]]] = {}
    for day, run, value in observations:
        days.setdefault(day, {}).setdefault(run, []).append(value)
    return [list(runs.values()) for runs in days.values()]


Components = tuple[float | None, float | None, float | None, float | None, list[str]]


def _components(days: Sequence[Sequence[Sequence[float]]]) -> Components:
    """Return repeatability, between runs, between days, all together, and what to say of them."""
    if sum(len(run) for day in days for run in day) < 2:  # noqa: PLR2004
        return None, None, None, None, ["fewer than two values"]
    table = _table(days)
    if not table.error_freedom:
        return _without_replicates(table)
    repeatability = sqrt(table.error)
    if not table.run_freedom:
        return _one_run_a_day(table, repeatability)
    notes: list[str] = []
    run = (table.run - table.error) / table.run_size
    between_run = _root(run, "between runs", notes)
    if not table.day_freedom:
        notes.append("one day: the spread between days, and so that of the laboratory, is not seen")
        return repeatability, between_run, None, None, notes
    day = (table.day - table.error - table.day_size * run) / table.day_factor
    between_day = _root(day, "between days", notes)
    total = sqrt(table.error + between_run**2 + between_day**2)
    return repeatability, between_run, between_day, total, notes


def _without_replicates(table: _Table) -> Components:
    """One value a run: the spread between runs holds that within a run."""
    if not table.run_freedom:
        words = "one value a run and one run a day: within runs, between runs and between days"
        return None, None, None, sqrt(table.day), [f"{words} are not told apart"]
    both = f"one value a run: within and between runs together {sqrt(table.run):.3g}"
    if not table.day_freedom:
        words = "one day: the spread between days, and so that of the laboratory, is not seen"
        return None, None, None, None, [both, words]
    notes = [both]
    day = (table.day - table.run) / table.day_factor
    between_day = _root(day, "between days", notes)
    return None, None, between_day, sqrt(table.run + between_day**2), notes


def _one_run_a_day(table: _Table, repeatability: float) -> Components:
    """Runs with replicates, none of them sharing a day with another."""
    if not table.day_freedom:
        words = "one run: the spread between runs and between days is not seen"
        return repeatability, None, None, None, [words]
    notes: list[str] = []
    both = (table.day - table.error) / table.day_factor
    together = _root(both, "between runs and days", notes)
    notes.insert(0, f"one run a day: between runs and between days together {together:.3g}")
    return repeatability, None, None, sqrt(table.error + together**2), notes


def _root(variance: float, where: str, notes: list[str]) -> float:
    """Return the standard deviation; a variance below 0 is 0, and noted."""
    if variance < 0:
        notes.append(f"{where}: estimated below 0, given as 0")
    return sqrt(max(0.0, variance))


def _table(days: Sequence[Sequence[Sequence[float]]]) -> _Table:
    runs = [run for day in days for run in day]
    values = [value for run in runs for value in run]
    total, mean = len(values), _mean(values)
    day_values = [[value for run in day for value in run] for day in days]
    day_means = [_mean(day) for day in day_values]
    error_squares = fsum((value - _mean(run)) ** 2 for run in runs for value in run)
    run_squares = fsum(
        len(run) * (_mean(run) - middle) ** 2
        for day, middle in zip(days, day_means, strict=True)
        for run in day
    )
    day_squares = fsum(
        len(day) * (middle - mean) ** 2 for day, middle in zip(day_values, day_means, strict=True)
    )
    # Sums of squared run sizes, over the size of their day and over that of the table.
    in_day = fsum(
        len(run) ** 2 / len(all_) for day, all_ in zip(days, day_values, strict=True) for run in day
    )
    in_all = fsum(len(run) ** 2 for run in runs) / total
    days_in_all = fsum(len(day) ** 2 for day in day_values) / total
    error_freedom, run_freedom = total - len(runs), len(runs) - len(days)
    day_freedom = len(days) - 1
    return _Table(
        error=_ratio(error_squares, error_freedom),
        error_freedom=error_freedom,
        run=_ratio(run_squares, run_freedom),
        run_freedom=run_freedom,
        run_size=_ratio(total - in_day, run_freedom),
        day=_ratio(day_squares, day_freedom),
        day_freedom=day_freedom,
        day_size=_ratio(in_day - in_all, day_freedom),
        day_factor=_ratio(total - days_in_all, day_freedom),
    )


def _ratio(amount: float, freedom: int) -> float:
    """Return amount per degree of freedom; 0 without one, which no caller then reads."""
    return amount / freedom if freedom else 0.0


def _mean(values: Sequence[float]) -> float:
    return fsum(values) / len(values)
