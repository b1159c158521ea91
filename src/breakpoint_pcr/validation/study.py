"""Simulated plates through the real pipeline: write an export, read it, call it, compare.

Each plate goes the way of a laboratory's run: its export and sample sheet are written to a
temporary folder, the reader of that format reads them, and the run is called with the configured
limits. What is in the tubes is compared with the call afterwards only.
"""

import csv
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from breakpoint_pcr.calling import CalledRun, CallSettings, call_run
from breakpoint_pcr.calling.primers import unconfirmed_primers
from breakpoint_pcr.explanation import alleles_of
from breakpoint_pcr.ingest.reading import IngestSettings, read_run
from breakpoint_pcr.panel import Panel, load_panel
from breakpoint_pcr.runs import RunRecord, Status
from breakpoint_pcr.simulate.instruments import read_instruments
from breakpoint_pcr.simulate.simulation import SimulationRequest, simulate
from breakpoint_pcr.simulate.truth import SampleTruth
from breakpoint_pcr.tables import Call, Curve, Product, Reaction, Sample, Site, read_table
from breakpoint_pcr.validation.arms import StudyPlate, arms_for, study_plates
from breakpoint_pcr.validation.batches import LIMITS, batch_samples
from breakpoint_pcr.validation.causes import Contents, cause_of, faults_of, is_noticed
from breakpoint_pcr.validation.judging import judge, truth_of
from breakpoint_pcr.validation.population import Population, unknowns
from breakpoint_pcr.validation.rows import Result, StudySample


@dataclass(frozen=True, slots=True)
class Pipeline:
    """What every plate of the study is drawn from, read with and called with."""

    population: Population
    products: Sequence[Product]
    ingest: IngestSettings
    calls: CallSettings

    @property
    def panel(self) -> Panel:
        """Primers and assays."""
        return self.population.panel


@dataclass(frozen=True, slots=True)
class ReadPlate:
    """A plate after the reader: what the pipeline knows of it, and what is in its tubes."""

    plate: StudyPlate
    record: RunRecord
    reactions: Sequence[Reaction]
    curves: Sequence[Curve]
    contents: Contents


@dataclass(frozen=True, slots=True)
class StudyFiles:
    """What a study is made of: the panel's folder, its products and sites, the instruments."""

    panel: Path
    products: Path
    sites: Path
    instruments: Path


def read_pipeline(
    files: StudyFiles,
    *,
    study: Mapping[str, Any],
    settings: Mapping[str, Any],
    ingest: Mapping[str, Any],
    confirmed: Collection[str],
) -> Pipeline:
    """Read the files of a study.

    Args:
        files: Panel, products, sites, instruments.
        study: Section `validation` of the config.
        settings: Sections `calling`, `curves`, `controls` and `replicates` by name.
        ingest: Section `ingest`.
        confirmed: Primers whose ordered sequence the laboratory has put on record.
    """
    panel = load_panel(files.panel)
    products = read_table(files.products, Product)
    population = Population(
        panel=panel,
        alleles=alleles_of(products),
        instruments=read_instruments(files.instruments),
        unconfirmed=unconfirmed_primers(panel, read_table(files.sites, Site), confirmed),
        copies_present=study["copies_present"],
        seed=study["seed"],
    )
    return Pipeline(
        population,
        products,
        IngestSettings.from_config(ingest),
        CallSettings.from_config(**settings),
    )


def study_batch(batch: str, study: Mapping[str, Any], pipeline: Pipeline) -> list[StudySample]:
    """Return the judged samples of a batch.

    Args:
        batch: Name of the batch.
        study: Section `validation` of the config.
        pipeline: What is drawn from, and the settings of reading and calling.
    """
    plates = batch_plates(batch, study, pipeline.population)
    return [row for plate in plates for row in study_plate(plate, pipeline)]


def batch_plates(
    batch: str, study: Mapping[str, Any], population: Population
) -> Iterator[StudyPlate]:
    """Yield the plates of a batch; limits are moved on arms with a target only."""
    arms = [arm for arm in arms_for(population) if arm.target or batch != LIMITS]
    return study_plates(batch, batch_samples(batch, study), population, arms)


def study_plate(plate: StudyPlate, pipeline: Pipeline) -> list[StudySample]:
    """Return the judged samples of a plate."""
    read = read_plate(plate, pipeline)
    return judged_samples(read, call_plate(read, pipeline, pipeline.calls), pipeline)


def read_plate(plate: StudyPlate, pipeline: Pipeline) -> ReadPlate:
    """Run a plate, write its export and sample sheet, and read them as a run folder."""
    with TemporaryDirectory(prefix="study-") as folder:
        request = SimulationRequest(
            plan=plate.plan,
            out=Path(folder),
            panel=pipeline.panel,
            products=pipeline.products,
            ct_limit=pipeline.calls.wells.ct_limit,
        )
        run = simulate(request)
        record, reactions, curves = read_run(run, panel=pipeline.panel, settings=pipeline.ingest)
        return ReadPlate(plate, record, reactions, curves, _contents(run))


def _contents(run: Path) -> Contents:
    """Return the molecules that were in each well, as the simulator wrote them down."""
    with (run / "expected" / "truth.tsv").open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t")
        return {row["well"]: int(row["molecules"]) for row in rows}


def call_plate(read: ReadPlate, pipeline: Pipeline, settings: CallSettings) -> CalledRun:
    """Call a plate with these limits."""
    return call_run(
        read.record,
        read.reactions,
        read.curves,
        pipeline.products,
        panel=pipeline.panel,
        settings=settings,
        unconfirmed=pipeline.population.unconfirmed,
    )


def judged_samples(read: ReadPlate, run: CalledRun, pipeline: Pipeline) -> list[StudySample]:
    """Compare the calls of a plate with what its samples hold."""
    return [_judged(sample, row, read, run, pipeline) for sample, row in _called_samples(read, run)]


def _called_samples(read: ReadPlate, run: CalledRun) -> Iterator[tuple[SampleTruth, Sample]]:
    """Yield each sample that is no control with its call."""
    rows = {row.sample: row for row in run.samples}
    for sample in unknowns(read.plate.plan):
        yield sample, rows.get(sample.name) or _not_called(sample.name, read)


def _not_called(name: str, read: ReadPlate) -> Sample:
    """Stand in for a sample that the pipeline does not list: its run was rejected, or lost it."""
    rejected = read.record.status is Status.REJECTED
    reason = read.record.reason if rejected else "the run has no well of the sample"
    return Sample(read.record.run, name, Call.INVALID.value, (), (), "", (), reason, {})


def _judged(
    sample: SampleTruth, row: Sample, read: ReadPlate, run: CalledRun, pipeline: Pipeline
) -> StudySample:
    population, plan = pipeline.population, read.plate.plan
    truth = truth_of(sample.alleles, population.alleles, population.copies_present)
    result = judge(truth, row)
    judged = StudySample(
        plate=plan.name,
        arm=read.plate.arm.name,
        target=read.plate.arm.target,
        instrument=read.plate.instrument,
        format=plan.format,
        sample=sample.name,
        faults=faults_of(sample, plan),
        holds=tuple(f"{name}={copies:g}" for name, copies in sample.alleles.items()),
        present=tuple(sorted(truth.present)),
        between=tuple(sorted(truth.between)),
        call=row.call,
        deletions=row.deletions,
        candidates=row.candidates,
        flags=row.flags,
        result=result,
        noticed=is_noticed(sample, row, plan, run),
        cause="",
    )
    if result is Result.RIGHT:
        return judged
    return replace(judged, cause=cause_of(sample, row, run, read.contents, pipeline.products))


def called_anew(
    read: ReadPlate, pipeline: Pipeline, settings: CallSettings
) -> Iterator[tuple[str, Result]]:
    """Yield the call of each sample of a plate with other limits, and whether it is right."""
    population = pipeline.population
    for sample, row in _called_samples(read, call_plate(read, pipeline, settings)):
        truth = truth_of(sample.alleles, population.alleles, population.copies_present)
        words = " ".join((row.call, *row.deletions, *row.candidates))
        yield words, judge(truth, row)
