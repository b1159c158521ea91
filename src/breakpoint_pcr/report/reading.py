"""From a run's result folder to what its report is made of."""

from pathlib import Path
from typing import Any

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
