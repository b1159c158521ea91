"""Run the programs of `search_peers.py` on a planted genome: what they take, what they find."""

import os
import resource
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from planted_genome import Construct, Planted, Site
from search_peers import Peer, Place

# A program that takes longer than this runs once only.
REPEATED_UP_TO_S = 60.0
MEBIBYTE_KIB = 1024


@dataclass(frozen=True, slots=True)
class Cost:
    """What a process took; `failure` says why its answer does not count."""

    wall_s: float = 0.0
    cpu_s: float = 0.0
    peak_mib: float = 0.0
    failure: str = ""


@dataclass(slots=True)
class Trial:
    """A program with what it took, one cost per round, and what it found."""

    peer: Peer
    answer: Path
    index: Cost | None = None
    rounds: list[Cost] = field(default_factory=list[Cost])
    score: "Score | None" = None

    @property
    def failure(self) -> str:
        """Why there is no answer; empty when there is one."""
        if self.peer.missing:
            return "not installed"
        costs = ([self.index] if self.index else []) + self.rounds
        return next((cost.failure for cost in costs if cost.failure), "")

    def median(self, of: Callable[[Cost], float]) -> float:
        """Return the median of the rounds."""
        return statistics.median(map(of, self.rounds))


@dataclass(frozen=True, slots=True)
class Score:
    """How much of what was planted is among the answers."""

    sites: frozenset[Site]
    products: frozenset[Construct]
    to_the_end: int
    other_places: int


def run(command: Sequence[str], answer: Path, limit_s: int) -> Cost:
    """Run a program in the folder of its answer; return what it took."""
    start = time.perf_counter()
    with answer.open("wb") as out:
        process = subprocess.Popen(
            command, cwd=answer.parent, stdout=out, stderr=subprocess.DEVNULL
        )
        # CPU time, not wall time: what is stopped does not depend on how busy the machine is.
        resource.prlimit(process.pid, resource.RLIMIT_CPU, (limit_s, limit_s + 1))
        _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    wall, cpu = time.perf_counter() - start, used.ru_utime + used.ru_stime
    failure = f"failed (exit code {process.returncode})" if process.returncode else ""
    failure = f"stopped after {limit_s} CPU s" if process.returncode == -signal.SIGXCPU else failure
    return Cost(wall, cpu, used.ru_maxrss / MEBIBYTE_KIB, failure)


def measure(trials: Sequence[Trial], *, repeats: int, limit_s: int) -> None:
    """Run every program in turn, round after round, so that a busy machine is shared by all."""
    indices: dict[tuple[tuple[str, ...], ...], Cost] = {}
    for trial in trials:
        if trial.peer.prepare and not trial.failure:
            if trial.peer.prepare not in indices:
                indices[trial.peer.prepare] = _prepare(trial, limit_s)
            trial.index = indices[trial.peer.prepare]
    for number in range(repeats):
        for trial in trials:
            slow = any(cost.wall_s > REPEATED_UP_TO_S for cost in trial.rounds)
            if not trial.failure and not slow:
                print(f"round {number + 1}: {trial.peer.name}", file=sys.stderr)
                answer = trial.answer
                out = answer.with_name(f"{answer.name}.log") if trial.peer.answer else answer
                trial.rounds.append(run(trial.peer.command, out, limit_s))


def _prepare(trial: Trial, limit_s: int) -> Cost:
    log = trial.answer.with_name("prepare.log")
    print(f"index: {trial.peer.name}", file=sys.stderr)
    steps = [run(command, log, limit_s) for command in trial.peer.prepare]
    return Cost(
        sum(step.wall_s for step in steps),
        sum(step.cpu_s for step in steps),
        max(step.peak_mib for step in steps),
        next((step.failure for step in steps if step.failure), ""),
    )


def score(places: Iterable[Place], planted: Planted, tolerance_nt: int) -> Score:
    """Match answers with what was planted, both ends within a few bases.

    A product stands for its two sites; a program that reports sites has found a product when it
    reports both of its sites.
    """
    wanted = {
        (names, strand, start + shift): (end, made)
        for names, strand, start, end, made in _expected(planted)
        for shift in range(-tolerance_nt, tolerance_nt + 1)
    }
    found: dict[Site | Construct, int] = {}
    other = set[Place]()
    for place in places:
        end, made = wanted.get((place.names, place.strand, place.start), (0, None))
        if made is not None and abs(place.end - end) <= tolerance_nt:
            found[made] = min(place.left_out, found.get(made, place.left_out))
        else:
            other.add(place)
    products = [
        made
        for made in planted.constructs
        if made in found or (made.left in found and made.right in found)
    ]
    sites = found.keys() | {site for made in products for site in (made.left, made.right)}
    judged = frozenset(site for site in planted.judged if site in sites)
    return Score(
        judged,
        frozenset(made for made in planted.doubles if made in products),
        sum(not found.get(site, 0) for site in judged),
        len(other),
    )


def _expected(
    planted: Planted,
) -> Iterator[tuple[tuple[str, ...], str, int, int, Site | Construct]]:
    """Yield names, strand, start and end of every site and product, as a program reports them."""
    for made in planted.constructs:
        names = (made.left.primer.name, made.right.primer.name)
        yield names, "", made.left.start, made.right.end, made
        for site in (made.left, made.right):
            yield (site.primer.name,), site.strand, site.start, site.end, site


def complete(trial: Trial, planted: Planted) -> bool:
    """Say whether every planted site and product that satisfies our rule was found."""
    wanted = planted.in_rule.intersection(planted.judged)
    return (
        trial.score is not None
        and trial.score.sites >= wanted
        and len(trial.score.products) == len(planted.doubles)
    )
