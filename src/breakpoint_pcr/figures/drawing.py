"""All figures of a run, in a folder of its own, with an index that says what each one shows."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from breakpoint_pcr.figures.canvas import Picture, drawing, picture
from breakpoint_pcr.figures.curves import draw_sample
from breakpoint_pcr.figures.lettering import Lettering
from breakpoint_pcr.figures.locus import draw_primer_map
from breakpoint_pcr.figures.plate import draw_plate
from breakpoint_pcr.report.characters import read_coverage
from breakpoint_pcr.report.source import ReportSource, view
from breakpoint_pcr.report.wording import load_words
from breakpoint_pcr.tables import column, write_table

INDEX, PLATE, CURVES = "index.tsv", "plate", "curves"


@dataclass(frozen=True, slots=True)
class FigureRow:
    """index.tsv: one row per figure of a run."""

    figure: str = column("name of the files, without .svg and .png")
    kind: str = column("plate or curves")
    run: str = column("run folder")
    sample: str = column("sample name; empty for the plate")
    call: str = column("call of the sample")


def draw_run(source: ReportSource, *, fonts: Path, folder: Path) -> None:
    """Draw a run's plate and the curves of each of its samples.

    A figure's name counts the samples in their order in samples.tsv and holds nothing of a name. A
    rejected run has no plate, and gives an index without rows.

    Args:
        source: Tables of the run.
        fonts: Folder with fonts and coverage.txt.
        folder: Where the files go; made if need be.
    """
    folder.mkdir(parents=True, exist_ok=True)
    seen, lettering = view(source), Lettering(read_coverage(fonts))
    rows: list[FigureRow] = []
    with drawing(fonts):
        if source.reactions:
            _write(folder, PLATE, picture(draw_plate(seen, lettering)))
            rows.append(FigureRow(PLATE, PLATE, source.record.run, "", ""))
        for number, sample in enumerate(source.samples, 1):
            name = f"{CURVES}_{number:03d}"
            _write(folder, name, picture(draw_sample(sample, seen, lettering)))
            rows.append(FigureRow(name, CURVES, sample.run, sample.sample, sample.call))
    write_table(folder / INDEX, FigureRow, rows)


def draw_panel(panel: Mapping[str, Any], *, language: str, fonts: Path) -> Picture:
    """Draw the primer map from panel.json."""
    lettering = Lettering(read_coverage(fonts))
    with drawing(fonts):
        return picture(draw_primer_map(panel, load_words(language), lettering))


def _write(folder: Path, name: str, drawn: Picture) -> None:
    (folder / f"{name}.svg").write_bytes(drawn.svg)
    (folder / f"{name}.png").write_bytes(drawn.png)
