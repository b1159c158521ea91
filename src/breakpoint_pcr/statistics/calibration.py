"""The standard curve: a straight line of Ct over log10 quantity, and quantities read from it.

Ct = m log10(N) + q by least squares; E = 10^(-1/m) - 1 (Bustin 2009, MIQE, doi
10.1373/clinchem.2008.112797). Inverse prediction with its variance as for any linear calibration
(Draper and Smith, Applied Regression Analysis, 3rd ed., section 3.2). The line takes every Ct as
equally precise; Cts of a few copies scatter more, so an interval near the lowest standard is too
narrow rather than too wide.

Sums are exactly rounded, so the order of the points changes nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum, isfinite, log10, sqrt


@dataclass(frozen=True, slots=True)
class Reading:
    """A quantity read from a standard curve, on the scale on which its error is symmetric.

    `variance` is None where the line goes through two points only and so has no error.
    """

    log10_quantity: float
    variance: float | None
    degrees_of_freedom: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """A fitted standard curve; slope in cycles per log10, `intercept` the Ct at quantity 1.

    Missing numbers are None: with two points there is no error of the slope; a line that does not
    fall with the quantity has no efficiency; a slope whose interval reaches 0 has no upper limit of
    the efficiency.
    """

    points: int
    slope: float
    intercept: float
    r_squared: float | None
    residual_sd: float | None
    slope_se: float | None
    slope_low: float | None
    slope_high: float | None
    efficiency: float | None
    efficiency_low: float | None
    efficiency_high: float | None
    quantity_min: float
    quantity_max: float
    mean_log10_quantity: float
    sum_of_squares: float

    def read(self, cts: Sequence[float]) -> Reading:
        """Return the quantity of a material from the Cts of its replicates (at least one).

        Whether the quantity lies within the standards is the caller's question (`quantity_min`,
        `quantity_max`).

        Raises:
            ValueError: There is no Ct, or the line is level.
        """
        if not cts or self.slope == 0:
            raise ValueError("a quantity needs a Ct and a line with a slope")
        log10_quantity = (fsum(cts) / len(cts) - self.intercept) / self.slope
        return Reading(
            log10_quantity, self._variance(log10_quantity, len(cts)), max(self.points - 2, 0)
        )

    def _variance(self, log10_quantity: float, replicates: int) -> float | None:
        if self.residual_sd is None:
            return None
        distance = (log10_quantity - self.mean_log10_quantity) ** 2 / self.sum_of_squares
        return (self.residual_sd / self.slope) ** 2 * (1 / replicates + 1 / self.points + distance)


def calibrate(points: Sequence[tuple[float, float]], confidence: float) -> Calibration:
    """Fit a standard curve to points of (quantity, Ct) with two quantities or more.

    `confidence` is that of the intervals, as 0.95.

    Raises:
        ValueError: Fewer than two different quantities, a quantity of 0 or less, or no number.
    """
    if not all(isfinite(quantity) and quantity > 0 and isfinite(ct) for quantity, ct in points):
        raise ValueError("standards need a quantity above 0 and a Ct")
    quantities = [quantity for quantity, _ in points]
    if len(set(quantities)) < 2:  # noqa: PLR2004 - two points make a line
        raise ValueError("a standard curve needs at least two different quantities")
    n = len(points)
    xs, ys = [log10(quantity) for quantity in quantities], [ct for _, ct in points]
    x_mean, y_mean = fsum(xs) / n, fsum(ys) / n
    sxx = fsum((x - x_mean) ** 2 for x in xs)
    syy = fsum((y - y_mean) ** 2 for y in ys)
    slope = fsum((x - x_mean) * (y - y_mean) for x, y in zip(xs, ys, strict=True)) / sxx
    intercept = y_mean - slope * x_mean
    residual = fsum((y - intercept - slope * x) ** 2 for x, y in zip(xs, ys, strict=True))
    residual_sd = sqrt(residual / (n - 2)) if n > 2 else None  # noqa: PLR2004 - two parameters
    slope_se = None if residual_sd is None else residual_sd / sqrt(sxx)
    low, high = _limits(slope, slope_se, degrees_of_freedom=n - 2, confidence=confidence)
    return Calibration(
        points=n,
        slope=slope,
        intercept=intercept,
        r_squared=1 - residual / syy if syy > 0 else None,
        residual_sd=residual_sd,
        slope_se=slope_se,
        slope_low=low,
        slope_high=high,
        efficiency=efficiency(slope),
        efficiency_low=efficiency(low) if slope < 0 else None,
        efficiency_high=efficiency(high) if slope < 0 else None,
        quantity_min=min(quantities),
        quantity_max=max(quantities),
        mean_log10_quantity=x_mean,
        sum_of_squares=sxx,
    )


def efficiency(slope: float | None) -> float | None:
    """Return 10^(-1/slope) - 1: 1 is doubling; None for a line that does not fall.

    A slope so near 0 that the power has no floating number is as good as level: None.
    """
    if slope is None or slope >= 0:
        return None
    try:
        return 10 ** (-1 / slope) - 1
    except OverflowError:
        return None


def _limits(
    slope: float, slope_se: float | None, *, degrees_of_freedom: int, confidence: float
) -> tuple[float | None, float | None]:
    """Return the confidence limits of the slope by Student's t; lower first."""
    if slope_se is None:
        return None, None
    from scipy.special import stdtrit  # 0.1 s: only where there are standards  # noqa: PLC0415

    half = float(stdtrit(degrees_of_freedom, (1 + confidence) / 2)) * slope_se
    return slope - half, slope + half
