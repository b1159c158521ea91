"""From a run's result folder to what its report is made of."""

import json
from pathlib import Path
from typing import Any

from breakpoint_pcr.provenance import commit, versions
from breakpoint_pcr.report.source import ReportSource
from breakpoint_pcr.runs import read_record
from breakpoint_pcr.tables import (
    Feature,
    Finding,
    Sample,
    SampleLevel,
    StandardCurve,
    Well,
    read_table,
    read_traces,
)


def read_source(folder: Path, panel: Path, params: Any) -> ReportSource:  # noqa: ANN401
    """Return what the reports of a run are made of.

    Args:
        folder: results/runs/{run}.
        panel: panel.json.
        params: The rule's `settings`, `report` and `names`.
    """
    return ReportSource(
        **read_tables(folder),
        panel=json.loads(panel.read_text(encoding="utf-8")),
        settings=params.settings,
        laboratory=params.report["laboratory"],
        language=params.report["language"],
        versions=versions(),
        panel_name=params.names["panel"],
        reference_name=params.names["reference"],
        commit=commit(),
    )


def read_tables(folder: Path) -> dict[str, Any]:
    """Return run.json and the tables of one run (results/runs/{run}) by their name in ReportSource.

    Raises:
        TableError: A table is damaged.
    """
    reactions, curves = read_traces(folder / "reactions.tsv", folder / "curves.tsv")
    return {
        "record": read_record(folder / "run.json"),
        "reactions": reactions,
        "curves": curves,
        "features": read_table(folder / "features.tsv", Feature),
        "wells": read_table(folder / "wells.tsv", Well),
        "samples": read_table(folder / "samples.tsv", Sample),
        "levels": read_table(folder / "levels.tsv", SampleLevel),
        "standards": read_table(folder / "standards.tsv", StandardCurve),
        "findings": read_table(folder / "findings.tsv", Finding),
    }
