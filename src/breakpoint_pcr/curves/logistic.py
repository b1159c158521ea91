"""A four-parameter logistic fit of many curves at once, to compare the curve rules with."""

from dataclasses import dataclass

import numpy as np

from breakpoint_pcr.curves.cleaning import Array

STEPS = 60
# Damping of the first step, and how it follows success and failure (Levenberg and Marquardt,
# doi 10.1137/0111030).
DAMPING, RELAX, STIFFEN = 0.01, 0.2, 5.0
EXPONENT_MAX = 60.0


@dataclass(frozen=True, slots=True)
class LogisticFit:
    """low + height / (1 + exp(-slope (cycle - middle))) of each curve, scaled to 0..1."""

    slope: Array
    middle: Array
    r_squared: Array


def fit_logistic(curves: Array) -> LogisticFit:
    """Fit each curve (curves, cycles); cycles count from 1."""
    low = curves.min(axis=1, keepdims=True)
    high = curves.max(axis=1, keepdims=True)
    scaled = (curves - low) / np.where(high > low, high - low, 1.0)
    cycle = np.arange(1, curves.shape[1] + 1.0)
    half = (scaled >= 1 / 2).argmax(axis=1) + 1.0
    start = np.stack([0 * half, 1 + 0 * half, 1 / 2 + 0 * half, half], axis=1)
    parameters, residual = _descended(scaled, cycle, start)
    spread = ((scaled - scaled.mean(axis=1, keepdims=True)) ** 2).sum(axis=1)
    r_squared = 1 - residual / np.where(spread > 0, spread, 1.0)
    return LogisticFit(parameters[:, 2], parameters[:, 3], r_squared)


def _model(parameters: Array, cycle: Array) -> tuple[Array, Array]:
    """Return the curve and its rise from 0 to 1."""
    low, height, slope, middle = (column[:, None] for column in parameters.T)
    exponent = np.clip(-slope * (cycle - middle), -EXPONENT_MAX, EXPONENT_MAX)
    part = 1 / (1 + np.exp(exponent))
    return low + height * part, part


def _descended(curves: Array, cycle: Array, parameters: Array) -> tuple[Array, Array]:
    """Lower the residual sum of squares of each curve step by step."""
    damping = np.full(len(curves), DAMPING)
    model, part = _model(parameters, cycle)
    residual = ((curves - model) ** 2).sum(axis=1)
    for _ in range(STEPS):
        step = _step(curves - model, cycle, parameters, part, damping)
        tried, tried_part = _model(parameters + step, cycle)
        left = ((curves - tried) ** 2).sum(axis=1)
        better = left < residual
        row = better[:, None]
        parameters = np.where(row, parameters + step, parameters)
        model, part = np.where(row, tried, model), np.where(row, tried_part, part)
        residual = np.where(better, left, residual)
        damping = np.clip(damping * np.where(better, RELAX, STIFFEN), 1e-9, 1e9)
    return parameters, residual


def _step(missing: Array, cycle: Array, parameters: Array, part: Array, damping: Array) -> Array:
    """Solve the damped normal equations of each curve."""
    _, height, slope, middle = (column[:, None] for column in parameters.T)
    bend = height * part * (1 - part)
    columns = [np.ones_like(part), part, bend * (cycle - middle), -bend * slope]
    jacobian = np.stack(columns, axis=2)
    normal = np.einsum("mni,mnj->mij", jacobian, jacobian)
    weight = np.einsum("mii->mi", normal) + 1e-9
    normal += (damping[:, None] * weight)[:, :, None] * np.eye(4)
    gradient = np.einsum("mni,mn->mi", jacobian, missing)
    return np.linalg.solve(normal, gradient[:, :, None])[:, :, 0]
