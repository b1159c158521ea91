"""Ct statistics of each assay, run and role."""

from collections.abc import Iterable

import pandas as pd

from breakpoint_pcr.summary.history import FinishedRun
from breakpoint_pcr.summary.rows import CtRow
from breakpoint_pcr.tables import Outcome, Role

KEYS = ["run", "assay", "role"]


def ct_statistics(history: Iterable[FinishedRun]) -> list[CtRow]:
    """Return one row per run, assay and role, in the order of the runs and their wells."""
    wells = pd.DataFrame(
        [
            (run.name, well.assay, well.role, well.ct, well.outcome is Outcome.POSITIVE)
            for run in history
            for well in run.wells
        ],
        columns=[*KEYS, "ct", "positive"],
    ).astype({"ct": float, "positive": bool})
    table = wells.groupby(KEYS, sort=False).agg(
        reactions=("positive", "size"),
        positive=("positive", "sum"),
        with_ct=("ct", "count"),
        ct_median=("ct", "median"),
        ct_min=("ct", "min"),
        ct_max=("ct", "max"),
    )
    return [_row(*record) for record in table.reset_index().itertuples(index=False, name=None)]


def _row(run: str, assay: str, role: str, *values: float) -> CtRow:
    reactions, positive, with_ct, *cts = values
    median, low, high = (None if pd.isna(ct) else float(ct) for ct in cts)
    counts = (int(reactions), int(positive), int(with_ct))
    return CtRow(run, assay, Role(role), *counts, median, low, high)
