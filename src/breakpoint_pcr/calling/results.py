"""The results folder as `explain` reads it: one sample of one run, called again and explained."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from breakpoint_pcr.calling.calling import see_run
from breakpoint_pcr.calling.judging import Method, judge_reactions, method_of
from breakpoint_pcr.calling.primers import unconfirmed_primers
from breakpoint_pcr.calling.rationale import explain_sample
from breakpoint_pcr.calling.settings import CallSettings
from breakpoint_pcr.calling.wells import JudgedWell
from breakpoint_pcr.errors import BreakpointPcrError
from breakpoint_pcr.panel import Panel
from breakpoint_pcr.runs import Status, read_record
from breakpoint_pcr.tables import Product, Role, Sample, SampleLevel, Site, read_table, read_traces

NAMES_SHOWN = 12
MADE_FROM = ("run.json", "reactions.tsv", "curves.tsv")


class ResultsError(BreakpointPcrError):
    """The results do not hold what was asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Which sample is asked about, and what its call rests on beside the run.

    Args:
        results: The folder results/.
        run: Name of the run.
        sample: Name of the sample.
        panel: Primers and assays.
        settings: Limits.
        confirmed: Primers whose ordered sequence is on record.
        flag_sentences: What each flag means.
    """

    results: Path
    run: str
    sample: str
    panel: Panel
    settings: CallSettings
    confirmed: Collection[str]
    flag_sentences: Mapping[str, str]


def answer(question: Question) -> str:
    """Return the page on a sample, headed by a warning where its row of samples.tsv differs.

    Raises:
        ResultsError: There is no such run or sample, the run was rejected, or the results are not
            made yet.
        TableError: A table is damaged.
    """
    folder = _run_folder(question)
    record = read_record(folder / "run.json")
    if record.status is Status.REJECTED:
        raise ResultsError(f"{record.run}: rejected, so nobody is called: {record.reason}")
    method = _method(question)
    reactions, curves = read_traces(folder / "reactions.tsv", folder / "curves.tsv")
    wells, _, _ = judge_reactions(record, reactions, curves, method=method)
    levels = folder / "levels.tsv"
    explained = explain_sample(
        record,
        wells,
        question.sample,
        method=method,
        levels=read_table(levels, SampleLevel) if levels.is_file() else (),
        flag_sentences=question.flag_sentences,
    )
    if explained is None:
        names = see_run(record, wells, method=method).plate.names
        raise ResultsError(_unknown_sample(question.sample, record.run, wells, names))
    row, page = explained
    return f"{_difference(row, folder)}{page}"


def _run_folder(question: Question) -> Path:
    """Return the folder of the run, with all that its calls are made from in it."""
    runs = question.results / "runs"
    folder = runs / question.run
    known = sorted(path.name for path in runs.glob("*") if path.is_dir())
    if not known:
        raise ResultsError(f"{runs}: no results; run snakemake first, or name their folder")
    if question.run not in known:
        there = _there_is(question.run, known)
        raise ResultsError(f"{question.run}: no such run in {runs}; {there}")
    wanted = [folder / name for name in MADE_FROM]
    wanted += [question.results / "panel" / name for name in ("products.tsv", "sites.tsv")]
    if missing := [path for path in wanted if not path.is_file()]:
        raise ResultsError(f"{missing[0]}: file missing; run snakemake first")
    return folder


def _method(question: Question) -> Method:
    panel = question.results / "panel"
    products = read_table(panel / "products.tsv", Product)
    sites = read_table(panel / "sites.tsv", Site)
    doubtful = unconfirmed_primers(question.panel, sites, question.confirmed)
    return method_of(question.panel, products, question.settings, doubtful)


def _there_is(name: str, known: Collection[str]) -> str:
    """Say which names there are, the likeliest where they are many."""
    close = get_close_matches(name, list(known), n=3, cutoff=0.6)
    if close and len(known) > NAMES_SHOWN:
        return f"did you mean {' or '.join(close)}?"
    shown = list(known)[:NAMES_SHOWN]
    more = len(known) - len(shown)
    return f"there is {', '.join(shown)}{f' and {more} more' if more else ''}"


def _unknown_sample(
    name: str, run: str, wells: Collection[JudgedWell], joined: Mapping[str, str]
) -> str:
    reactions = [well.reaction for well in wells]
    if name in joined:
        return f"{name}: the sheet joins it to {joined[name]}; ask for that sample"
    roles = {r.role for r in reactions if r.sample == name and r.role is not Role.UNKNOWN}
    if roles:
        return f"{name}: a control or standard ({', '.join(sorted(roles))}), which is not called"
    called = (r.sample for r in reactions if r.role is Role.UNKNOWN and r.sample)
    known = sorted({joined.get(sample, sample) for sample in called})
    if not known:
        return f"{name}: no sample is called in {run}; check roles and assays in its sheet"
    return f"{name}: no such sample in {run}; {_there_is(name, known)}"


def _difference(row: Sample, folder: Path) -> str:
    """Return a warning where the table says otherwise than the limits of today."""
    table = folder / "samples.tsv"
    rows = read_table(table, Sample) if table.is_file() else []
    said = next((other for other in rows if other.sample == row.sample), None)
    if said is None or (said.call, said.deletions) == (row.call, row.deletions):
        return ""
    return (
        f"warning: samples.tsv says {said.call}: it was made with other limits or another version; "
        "run snakemake\n\n"
    )
