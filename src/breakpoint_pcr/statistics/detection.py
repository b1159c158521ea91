"""How few copies are found: hit rates over a dilution series, and the limits read from them.

- Probit (CLSI EP17-A2, EP12): P = Phi(a + b log10 x); C_q = 10^((Phi^-1(q) - a) / b), LoD95 = C95.
  Its limits are by the delta method on log10.
- One-hit: P = 1 - exp(-lambda x), each copy found by itself with the same chance; LoD95 =
  -ln(0.05) / lambda.
- Classical (EP17-A2, for a measurement that blanks have too): LoB = mean + c_p SD of blanks, LoD =
  LoB + c_p SD of low samples.

Fits are generalised linear models of statsmodels, by maximum likelihood. What the series does not
carry has no number but words.
"""

import warnings
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import exp, fsum, log, log10, sqrt
from statistics import NormalDist, fmean, stdev
from typing import Any

Counts = Mapping[float, tuple[int, int]]

LOD_SHARE = 0.95
# Doses with hits between none and all that a line in two parameters and its error need.
PARTIAL_DOSES_MIN = 3
# Of the deviance: below this chance the rates do not follow the model.
FIT_P_MIN = 0.01
FIT_P_SHOWN_MIN = 1e-4
# Fits settle in some 20 steps; a level line never does.
ITERATIONS_MAX = 300
# The normal quantile as EP17-A2 prints it.
EP17_QUANTILE = 1.645


@dataclass(frozen=True, slots=True)
class Dose:
    """Reactions with the same mean number of copies, and how many of them are positive."""

    copies: float
    wells: int
    hits: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Detection:
    """The limits of a series, in copies; None with a `reason` where it does not carry them.

    A reason beside a number says what to doubt.
    """

    intercept: float | None = None
    slope: float | None = None
    c5: float | None = None
    c50: float | None = None
    c95: float | None = None
    c95_low: float | None = None
    c95_high: float | None = None
    one_hit_lambda: float | None = None
    one_hit_lod: float | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class _Fit:
    """A fitted model: its parameters, their covariance, and the chance of such a misfit."""

    parameters: tuple[float, ...]
    covariance: tuple[tuple[float, ...], ...]
    misfit_p: float | None


def detection_of(doses: Iterable[Dose], *, confidence: float) -> Detection:
    """Fit the probit and the one-hit model to a dilution series.

    Doses of 0 copies are left out; doses of the same copies are joined.

    Raises:
        ValueError: More hits than wells, or a negative number.
    """
    counts, notes = _counted(doses)
    if why := _unfit(counts):
        return Detection(reason="; ".join([*notes, why]))
    one_hit, doubts = _one_hit(counts)
    if why := _too_steep(counts):
        notes.append(f"probit: {why}")
        return Detection(**one_hit, reason="; ".join([*notes, *doubts]))
    probit, words = _probit(counts, confidence)
    return Detection(**probit, **one_hit, reason="; ".join([*notes, *words, *doubts]))


def _counted(doses: Iterable[Dose]) -> tuple[dict[float, tuple[int, int]], list[str]]:
    """Return (wells, hits) by copies, lowest first, and a note on what was left out."""
    counts: dict[float, tuple[int, int]] = {}
    for dose in doses:
        if dose.copies < 0 or not 0 <= dose.hits <= dose.wells:
            raise ValueError(f"{dose.hits} of {dose.wells} wells at {dose.copies} copies")
        wells, hits = counts.get(dose.copies, (0, 0))
        if dose.wells:
            counts[dose.copies] = (wells + dose.wells, hits + dose.hits)
    blank = counts.pop(0.0, None)
    notes = [f"0 copies: {blank[1]} of {blank[0]} positive, left out"] if blank else []
    return dict(sorted(counts.items())), notes


def _unfit(counts: Counts) -> str:
    """Say why no model can be fitted; empty where one can."""
    wells = sum(n for n, _ in counts.values())
    hits = sum(k for _, k in counts.values())
    if not counts:
        return "no dilution with copies"
    if not hits:
        return "no reaction is positive: more copies are needed"
    if hits == wells:
        return "every reaction is positive: fewer copies are needed"
    if _correlation(counts) <= 0:
        return "the share of positive reactions does not rise with the copies"
    return ""


def _correlation(counts: Counts) -> float:
    """Return the covariance of hit and log10 copies over all wells, times the wells.

    Its sign is that of the slope of the fitted line: the score at slope 0.
    """
    wells = sum(n for n, _ in counts.values())
    rate = sum(k for _, k in counts.values()) / wells
    return fsum(log10(copies) * (k - n * rate) for copies, (n, k) in counts.items())


def _too_steep(counts: Counts) -> str:
    """Say why two parameters have too little to rest on; empty where they have enough."""
    partial = [copies for copies, (n, k) in counts.items() if 0 < k < n]
    if len(partial) >= PARTIAL_DOSES_MIN:
        return ""
    if not partial:
        low = max(copies for copies, (_, k) in counts.items() if not k)
        high = min(copies for copies, (_, k) in counts.items() if k)
        if low < high:
            return f"no dilution between {low:g} (none positive) and {high:g} copies (all positive)"
    return (
        f"{len(partial)} dilution{'' if len(partial) == 1 else 's'} with some but not all "
        f"reactions positive; at least {PARTIAL_DOSES_MIN} are needed"
    )


def _probit(counts: Counts, confidence: float) -> tuple[dict[str, float | None], list[str]]:
    """Return the numbers of the probit line, and what to say of them."""
    fit = _fitted(counts, link="probit")
    if fit is None or fit.parameters[1] <= 0:
        return {}, ["probit: no line fits the shares"]
    a, b = fit.parameters
    copies = {q: _power((NormalDist().inv_cdf(q) - a) / b) for q in (0.05, 0.5, LOD_SHARE)}
    low, high = _delta_limits(fit, confidence)
    found: dict[str, float | None] = {
        "intercept": a,
        "slope": b,
        "c5": copies[0.05],
        "c50": copies[0.5],
        "c95": copies[LOD_SHARE],
        "c95_low": low,
        "c95_high": high,
    }
    return found, [*_outside(copies, counts), *_misfit("probit", fit)]


def _power(exponent: float) -> float | None:
    """Return 10 to this power; None beyond all numbers, where a line is all but level."""
    try:
        return 10.0**exponent
    except OverflowError:
        return None


def _delta_limits(fit: _Fit, confidence: float) -> tuple[float | None, float | None]:
    """Return the limits of C95: log10 C95 = (z - a) / b has the gradient (-1, -log10 C95) / b."""
    a, b = fit.parameters
    middle = (NormalDist().inv_cdf(LOD_SHARE) - a) / b
    (aa, ab), (_, bb) = fit.covariance
    error = sqrt(max(0.0, aa + 2 * middle * ab + middle**2 * bb)) / b
    half = NormalDist().inv_cdf((1 + confidence) / 2) * error
    return _power(middle - half), _power(middle + half)


def _outside(copies: Mapping[float, float | None], counts: Counts) -> list[str]:
    """Name the limits that lie beyond the dilutions tried."""
    lowest, highest = min(counts), max(counts)
    return [
        f"C{100 * share:.0f} lies beyond the dilutions ({lowest:g} to {highest:g} copies)"
        for share, value in copies.items()
        if value is None or not lowest <= value <= highest
    ]


def _misfit(model: str, fit: _Fit) -> list[str]:
    if fit.misfit_p is None or fit.misfit_p >= FIT_P_MIN:
        return []
    shown = (
        f"below {FIT_P_SHOWN_MIN:g}" if fit.misfit_p < FIT_P_SHOWN_MIN else f"{fit.misfit_p:.2g}"
    )
    return [f"{model}: the shares do not follow the model (p of the deviance {shown})"]


def _one_hit(counts: Counts) -> tuple[dict[str, float], list[str]]:
    """Return lambda and its LoD, and what to say of them.

    Where the shares do not follow the model there is no number: each copy is then not found by
    itself, as below a Ct limit that several copies must reach together.
    """
    fit = _fitted(counts, link="cloglog")
    if fit is None:
        return {}, ["one-hit: no value fits the shares"]
    if misfit := _misfit("one-hit", fit):
        return {}, misfit
    rate = exp(fit.parameters[0])
    found = {"one_hit_lambda": rate, "one_hit_lod": -log(1 - LOD_SHARE) / rate}
    above = ["one-hit: more than one hit a copy; check the copies"] if rate > 1 else []
    return found, above


def _fitted(counts: Counts, *, link: str) -> _Fit | None:
    """Fit hits to log10 copies (probit), or to copies with one parameter (cloglog with offset).

    Where every share is at its end the likelihood has no maximum, and there is no fit.
    """
    from statsmodels.genmod import families  # noqa: PLC0415  (1.3 s)
    from statsmodels.genmod.generalized_linear_model import GLM  # noqa: PLC0415

    hits = [[k, n - k] for n, k in counts.values()]
    if link == "probit":
        family = families.Binomial(families.links.Probit())
        model: Any = GLM(hits, [[1.0, log10(copies)] for copies in counts], family=family)
    else:
        family = families.Binomial(families.links.CLogLog())
        offset = [log(copies) for copies in counts]
        model = GLM(hits, [[1.0] for _ in counts], family=family, offset=offset)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            # By the parameters: the deviance of many wells does not settle to a small difference.
            result = model.fit(tol=1e-10, tol_criterion="params", maxiter=ITERATIONS_MAX)
        except (ValueError, ArithmeticError):
            return None
    if not result.converged:
        return None
    return _Fit(
        tuple(float(value) for value in result.params),
        tuple(tuple(float(value) for value in row) for row in result.cov_params()),
        _chance_of_more(float(result.deviance), int(result.df_resid)),
    )


def _chance_of_more(deviance: float, freedom: int) -> float | None:
    """Return the chance of such a deviance by chance alone; None without degrees of freedom."""
    if freedom < 1:
        return None
    from scipy.special import chdtrc  # noqa: PLC0415

    return float(chdtrc(freedom, deviance))


def parametric_multiplier(results: int, samples: int) -> float:
    """Return c_p of EP17-A2: the normal quantile, corrected for an SD of so many results.

    Raises:
        ValueError: No more results than samples.
    """
    if results <= samples or samples < 1:
        raise ValueError(f"{results} results of {samples} samples; replicates are needed")
    return EP17_QUANTILE / (1 - 1 / (4 * (results - samples)))


def limit_of_blank(blanks: Sequence[Sequence[float]]) -> float:
    """Return LoB = mean + c_p SD over all results of the blank samples (one sequence each).

    Raises:
        ValueError: Too few results.
    """
    results = [result for blank in blanks for result in blank]
    return fmean(results) + parametric_multiplier(len(results), len(blanks)) * stdev(results)


def limit_of_detection(limit_blank: float, low_samples: Sequence[Sequence[float]]) -> float:
    """Return LoD = LoB + c_p SD, the SD pooled over low samples with replicates.

    Raises:
        ValueError: Too few results.
    """
    results = sum(map(len, low_samples))
    multiplier = parametric_multiplier(results, len(low_samples))
    squares = fsum((value - fmean(sample)) ** 2 for sample in low_samples for value in sample)
    return limit_blank + multiplier * sqrt(squares / (results - len(low_samples)))
