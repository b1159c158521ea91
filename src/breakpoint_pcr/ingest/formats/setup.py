"""What was set up in each well, beside what the results of a Thermo Fisher export say of it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from breakpoint_pcr.ingest.cells import shown
from breakpoint_pcr.ingest.export import Record
from breakpoint_pcr.ingest.roles import role_of_task
from breakpoint_pcr.tables import Finding, Level


@dataclass(frozen=True, slots=True)
class Planned:
    """One target of a well as set up."""

    sample: str
    task: str
    dye: str


UNPLANNED = Planned("", "", "")


def task_of(found: str, planned: str) -> str:
    """Return the task of the setup where the results name none that decides a role.

    StepOne writes no task into some results; EDS 1 writes `Target` where the setup says unknown.
    """
    return found if role_of_task(found) or not planned else planned


def contradictions(
    file: str, planned_and_found: Iterable[tuple[Planned, Record, str]]
) -> Iterator[Finding]:
    """Yield a finding per sample and per task that setup and results name otherwise.

    Args:
        file: Name of the export.
        planned_and_found: What was set up, the record, and its task as the results have it.
    """
    samples: dict[tuple[str, str], list[str]] = {}
    tasks: dict[tuple[str, str], list[str]] = {}
    for planned, record, task in planned_and_found:
        if planned.sample and record.sample and planned.sample != record.sample:
            samples.setdefault((planned.sample, record.sample), []).append(record.well)
        if planned.task and task and role_of_task(planned.task) is not role_of_task(task):
            tasks.setdefault((planned.task, task), []).append(record.well)
    for (planned_as, found), wells in samples.items():
        sentence = (
            f"{', '.join(dict.fromkeys(wells))}: sample {shown(planned_as)} in the setup, "
            f"{shown(found)} in the results, which count; analyse and export the run again"
        )
        yield Finding(Level.WARNING, "run", file, "setup_contradiction", sentence)
    for (planned_as, found), wells in tasks.items():
        sentence = (
            f"{', '.join(dict.fromkeys(wells))}: task {shown(planned_as)} in the setup, "
            f"{shown(found)} in the results; {shown(task_of(found, planned_as))} counts; analyse "
            "and export the run again"
        )
        yield Finding(Level.WARNING, "run", file, "setup_contradiction", sentence)
