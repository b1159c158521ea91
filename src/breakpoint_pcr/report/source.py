"""What a report is made of, and the same, looked up."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from breakpoint_pcr.provenance import Commit
from breakpoint_pcr.report.levels import by_sample
from breakpoint_pcr.report.plots import Line, Scale, shown
from breakpoint_pcr.report.styles import Style, styles
from breakpoint_pcr.report.wording import Words, load_words
from breakpoint_pcr.runs import RunRecord, SheetEntry
from breakpoint_pcr.tables import (
    Curve,
    CurveClass,
    CurveKind,
    Feature,
    Finding,
    Outcome,
    Reaction,
    Role,
    Sample,
    SampleLevel,
    StandardCurve,
    Well,
)

BREAKPOINT, CONTROL_GENE = "breakpoint", "control_gene"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportSource:
    """Everything that a report may show; the tables are those of one run.

    Args:
        panel: panel.json.
        settings: Sections calling, curves, controls, replicates and level of the config.
        laboratory: Name of the laboratory.
        language: Code of a wording file.
        versions: Version by program or library, the program itself first.
        panel_name: What the config names as panel.
        reference_name: What the config names as reference.
        commit: The program's commit where it runs from a git checkout.
    """

    record: RunRecord
    reactions: Sequence[Reaction]
    curves: Sequence[Curve]
    features: Sequence[Feature]
    wells: Sequence[Well]
    samples: Sequence[Sample]
    levels: Sequence[SampleLevel]
    standards: Sequence[StandardCurve]
    findings: Sequence[Finding]
    panel: Mapping[str, Any]
    settings: Mapping[str, Mapping[str, Any]]
    laboratory: str
    language: str
    versions: Mapping[str, str]
    panel_name: str
    reference_name: str
    commit: Commit | None = None


Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class View:
    """A report's source, looked up by well and assay, with its wording and line styles."""

    source: ReportSource
    words: Words
    styles: Mapping[str, Style]
    scale: Scale
    reactions: Mapping[Key, Reaction]
    shown: Mapping[Key, tuple[str, tuple[float | None, ...]]]
    by_sample: Mapping[str, tuple[Well, ...]]
    levels: Mapping[str, tuple[SampleLevel, ...]]

    @property
    def ct_limit(self) -> float:
        """The cut-off in cycles."""
        return self.scale.ct_limit

    @property
    def assays(self) -> list[Mapping[str, Any]]:
        """The panel's assays that are on the plate, in panel order."""
        present = {well.assay for well in self.source.wells}
        return [a for a in self.source.panel["assays"] if a["name"] in present]

    @property
    def controls(self) -> list[Well]:
        """Wells whose role is not a patient's sample."""
        return [well for well in self.source.wells if well.role is not Role.UNKNOWN]

    def assay(self, name: str) -> Mapping[str, Any]:
        """Return an assay of panel.json."""
        return next(a for a in self.source.panel["assays"] if a["name"] == name)

    def is_breakpoint(self, name: str) -> bool:
        """Whether an assay shows deletions."""
        return self.assay(name)["kind"] == BREAKPOINT

    def wells_of(self, sample: str) -> tuple[Well, ...]:
        """Return the wells of a patient's sample, in panel order, then plate order."""
        return self.by_sample.get(sample, ())

    def levels_of(self, sample: str) -> tuple[SampleLevel, ...]:
        """Return the levels of a patient's sample, class by class."""
        return self.levels.get(sample, ())

    @property
    def confidence(self) -> float:
        """The confidence of the intervals of levels and standard curves."""
        return self.source.settings["level"]["confidence"]

    def ct(self, value: float | None) -> str:
        """Return a Ct in words."""
        return self.words.ct(value, self.ct_limit)

    def sheet(self, wells: Iterable[Well]) -> list[SheetEntry]:
        """Return what the sample sheet says of these wells."""
        keys = {(well.well, well.assay) for well in wells}
        whole = {(well, "") for well, _ in keys}
        return [e for e in self.source.record.sheet if (e.well, e.assay) in keys | whole]

    def lines(self, wells: Iterable[Well], looks: Mapping[str, Style] | None = None) -> list[Line]:
        """Return the curves of these wells.

        Args:
            wells: Judged wells; those without a curve are left out.
            looks: Style by sample; without it the style is that of the assay.
        """
        return [
            self._line(well, looks[well.sample] if looks else self.styles[well.assay])
            for well in wells
            if (well.well, well.assay) in self.shown
        ]

    def _line(self, well: Well, style: Style) -> Line:
        unit, values = self.shown[well.well, well.assay]
        reaction = self.reactions[well.well, well.assay]
        comparable = unit in {CurveKind.DELTA_RN, CurveKind.RN, CurveKind.RFU}
        said = self.words.texts["sentences"]["curve_alt"].format(
            assay=well.assay,
            well=well.well,
            ct=self.ct(well.ct),
            outcome=self.words.word("outcomes", well.outcome),
        )
        return Line(
            label=well.assay,
            well=well.well,
            style=style,
            unit=unit,
            values=values,
            ct=well.ct,
            threshold=reaction.threshold if comparable else None,
            strong=well.outcome is Outcome.POSITIVE,
            said=said,
        )


def view(source: ReportSource) -> View:
    """Look the source up."""
    assays = [assay["name"] for assay in source.panel["assays"]]
    grey = [a["name"] for a in source.panel["assays"] if a["kind"] == CONTROL_GENE]
    curves = _curves(source)
    ct_limit = float(source.settings["calling"]["ct_limit"])
    return View(
        source=source,
        words=load_words(source.language),
        styles=styles(assays, grey),
        scale=Scale(ct_limit, _least_tops(source, curves)),
        reactions={(r.well, r.assay): r for r in source.reactions if r.assay},
        shown=curves,
        by_sample=_by_sample(source, assays),
        levels=by_sample(source.levels),
    )


def _curves(source: ReportSource) -> dict[Key, tuple[str, tuple[float | None, ...]]]:
    """Return unit and values as shown of every curve of the panel."""
    features = {(f.well, f.assay): f.values for f in source.features}
    drawn = [r for r in source.reactions if r.curve_kind is not CurveKind.NONE]
    return {
        (r.well, r.assay): shown(curve.values, r.curve_kind, features.get((r.well, r.assay), {}))
        for r, curve in zip(drawn, source.curves, strict=True)
        if r.assay
    }


def _least_tops(
    source: ReportSource, curves: Mapping[Key, tuple[str, tuple[float | None, ...]]]
) -> dict[str, float]:
    """Return per unit the height of a typical positive, so that noise is never drawn large."""
    tops: dict[str, list[float]] = defaultdict(list)
    for well in source.wells:
        unit, values = curves.get((well.well, well.assay), ("", ()))
        if well.curve is CurveClass.STANDARD and values:
            tops[unit].append(max((v for v in values if v is not None), default=0.0))
    return {unit: median(found) for unit, found in sorted(tops.items())}


def _by_sample(source: ReportSource, assays: Sequence[str]) -> dict[str, tuple[Well, ...]]:
    found: dict[str, list[Well]] = defaultdict(list)
    for well in source.wells:
        if well.role is Role.UNKNOWN:
            found[well.sample].append(well)
    order = {name: index for index, name in enumerate(assays)}
    return {name: tuple(sorted(w, key=lambda x: order[x.assay])) for name, w in found.items()}
