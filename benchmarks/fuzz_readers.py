"""Fuzz the readers: mutated exports must be read or refused, and no Ct may come from nowhere.

    uv run python benchmarks/fuzz_readers.py                    20,000 cases
    uv run python benchmarks/fuzz_readers.py --write            write docs/validation-readers.md too
    uv run python benchmarks/fuzz_readers.py --case 1234        one case again; its files are kept

A case is a number: with the same seed and the same starts it is the same mutation everywhere. It
fails by a traceback, by a killed process, by taking longer than a limit, by a message of several
lines, by a Ct that is not a number of the mutated file or, in a text, not in a line of its well and
target, by a Ct within the cycles that counts as not reached, by a sample that no file names, and by
more reactions than lines.
"""

import argparse
import contextlib
import json
import os
import re
import resource
import signal
import sys
import tempfile
import time
import traceback
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from random import Random

import yaml
from fuzz_mutations import NUMBER, mutate, mutate_folder
from fuzz_oracles import problem_of_rows, problem_of_samples
from fuzz_starts import REAL, Start, starts
from python_calamine import CalamineWorkbook

from breakpoint_pcr.ingest.files.source import OLE_MAGIC
from breakpoint_pcr.ingest.formats.readers import readers
from breakpoint_pcr.ingest.reading import read_run
from breakpoint_pcr.ingest.settings import IngestSettings
from breakpoint_pcr.panel import Panel, load_panel
from breakpoint_pcr.runs import Status
from breakpoint_pcr.tables import CurveKind, Reaction, State

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "validation-readers.md"
SEED = 20260301
CASES = 20_000
CASE_SECONDS_MAX = 10.0
SPACE_BYTES = 3_000_000_000
REAL_SHARE = 0.15
# Of the folders of several files, or of one, those mixed with another plate's; and mutated as well.
MIXED_SHARE, ONE_SHARE, BOTH_SHARE = 0.4, 0.05, 0.3
BATCH = 250
REASON_LETTERS_MAX = 1000
# As this check understands them, apart from how the readers do.
EXPONENT = r"(?:[eE][-+]?[0-9]+)?"
PLAIN = re.compile(rf"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+){EXPONENT}", re.ASCII)
DECIMAL_COMMA = re.compile(rf"[-+]?(?:[0-9]*|[0-9]{{1,3}}(?:\.[0-9]{{3}})+),[0-9]+{EXPONENT}")
THOUSANDS = re.compile(r"[-+]?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?")
WELL = re.compile(r"[A-P](?:[1-9]|1[0-9]|2[0-4])")


class Hang(BaseException):
    """A case took too long; no reader may catch this."""


@dataclass(frozen=True, slots=True)
class Bench:
    """What every case needs."""

    panel: Panel
    settings: IngestSettings
    starts: Sequence[Start]
    seed: int


@dataclass(slots=True)
class Tally:
    """What came out, by start; `problems` maps a case to what went wrong."""

    read: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    cts: int = 0
    slowest: float = 0.0
    problems: dict[int, str] = field(default_factory=dict)


def bench(seed: int = SEED) -> Bench:
    """Return the bench of the shipped panel and configuration."""
    config = yaml.safe_load((ROOT / "config/config.yaml").read_text(encoding="utf-8"))
    panel = load_panel(ROOT / config["panel"])
    tuple(readers())  # loaded here, so that no child loads them again
    return Bench(panel, IngestSettings.from_config(config["ingest"]), starts(panel), seed)


def files_of(case: int, on: Bench) -> tuple[str, dict[str, bytes]]:
    """Return the name of a case's start and its files, one of them mutated."""
    rng = Random(f"{on.seed} {case}")
    real = [start for start in on.starts if start.kind == REAL]
    made = [start for start in on.starts if start not in real]
    if real and rng.random() < REAL_SHARE:
        start = rng.choice(real)
    else:
        kind = rng.choice(list(dict.fromkeys(start.kind for start in made)))
        start = rng.choice([start for start in made if start.kind == kind])
    files = dict(start.files)
    mixed = bool(start.others) and rng.random() < (MIXED_SHARE if len(files) > 1 else ONE_SHARE)
    if mixed:
        files = mutate_folder(files, start.others, rng)
    if not mixed or rng.random() < BOTH_SHARE:
        name = rng.choice(list(files))
        files[name] = mutate(files[name], rng)
    return start.name, files


def run_case(case: int, on: Bench, folder: Path) -> tuple[str, str, int, str]:
    """Return start, status, number of Cts and the problem, empty where there is none."""
    name, files = files_of(case, on)
    for old in folder.iterdir():
        old.unlink()
    for file, content in files.items():
        (folder / file).write_bytes(content)
    signal.setitimer(signal.ITIMER_REAL, CASE_SECONDS_MAX)
    try:
        record, reactions, curves = read_run(folder, panel=on.panel, settings=on.settings)
    except BaseException:
        return name, "failed", 0, traceback.format_exc()
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    if record.status is Status.REJECTED:
        return name, "refused", 0, problem_of_reason(record.reason)
    drawn = sum(reaction.curve_kind is not CurveKind.NONE for reaction in reactions)
    problem = "" if drawn == len(curves) else f"{drawn} reactions with curves, {len(curves)} curves"
    cts = sum(reaction.ct is not None for reaction in reactions)
    problem = problem or problem_of_reactions(reactions, files.values())
    problem = problem or problem_of_rows(reactions, files.values())
    if not problem:
        texts = (text for content in files.values() for text in _all_texts(content))
        problem = problem_of_samples(reactions, texts)
    return name, "read", cts, problem


def problem_of_reason(reason: str) -> str:
    """Return what is wrong with the one line of a rejected run."""
    fine = reason.strip() and "\n" not in reason and len(reason) <= REASON_LETTERS_MAX
    return "" if fine else f"not one line: {reason[:2000]!r}"


def problem_of_reactions(reactions: Iterable[Reaction], contents: Iterable[bytes]) -> str:
    """Return the first thing about the reactions that cannot be."""
    texts = [text for content in contents for text in texts_of(content)]
    numbers: set[float] | None = None
    for reaction in reactions:
        if not WELL.fullmatch(reaction.well):
            return f"well {reaction.well!r}"
        if reaction.ct is None:
            if reaction.state is State.OK:
                return f"{reaction.well} is ok without a Ct"
            if _is_lost(reaction):
                return f"Ct {reaction.ct_text} of {reaction.well} is lost: state {reaction.state}"
            continue
        if not reaction.ct > 0 or reaction.state not in (State.OK, State.OMITTED):
            return f"Ct {reaction.ct} of {reaction.well}, state {reaction.state}"
        stands = reaction.ct_text and any(reaction.ct_text in text for text in texts)
        if stands and reaction.ct in meanings(reaction.ct_text):
            continue
        numbers = numbers if numbers is not None else numbers_in(texts)
        if reaction.ct not in numbers:
            return f"Ct {reaction.ct} ({reaction.ct_text!r}) of {reaction.well} is not in the file"
    return ""


def _is_lost(reaction: Reaction) -> bool:
    """Tell a number within the cycles of the reaction's own curve that was taken for none."""
    if reaction.state is not State.UNDETERMINED or not PLAIN.fullmatch(reaction.ct_text):
        return False
    return 0 < float(reaction.ct_text) < (reaction.n_cycles or 0)


def texts_of(content: bytes) -> Iterator[str]:
    """Yield what stands in a file: its text, its members, or its cells."""
    if content.startswith(OLE_MAGIC):
        book = CalamineWorkbook.from_filelike(BytesIO(content))
        rows = (row for n in book.sheet_names for row in book.get_sheet_by_name(n).to_python())
        yield "\n".join(repr(cell) for row in rows for cell in row)
    elif content.startswith(b"PK"):
        with zipfile.ZipFile(BytesIO(content)) as archive:
            for info in archive.infolist():
                with contextlib.suppress(Exception):  # a member that no reader needed
                    yield archive.read(info).replace(b"\0", b"").decode("latin-1")
    else:
        yield content.replace(b"\0", b"").decode("latin-1")


def _all_texts(content: bytes) -> Iterator[str]:
    """Yield what stands in a file, and in a text also what it is in the encodings of exports."""
    yield from texts_of(content)
    if not content.startswith((OLE_MAGIC, b"PK")):
        for encoding in ("utf-8", "utf-16"):
            with contextlib.suppress(UnicodeError):
                yield content.decode(encoding)


def meanings(text: str) -> set[float]:
    """Return the numbers that a text may stand for: plain, decimal comma, commas for thousands."""
    found: set[float] = set()
    if PLAIN.fullmatch(text):
        found.add(float(text))
    if DECIMAL_COMMA.fullmatch(text):
        found.add(float(text.replace(".", "").replace(",", ".")))
    if THOUSANDS.fullmatch(text):
        found.add(float(text.replace(",", "")))
    return found


def numbers_in(texts: Iterable[str]) -> set[float]:
    """Return every number that stands in the texts."""
    tokens = {token for text in texts for kind in (NUMBER, PLAIN) for token in kind.findall(text)}
    return {number for token in tokens for number in meanings(token)}


def work(cases: range, on: Bench, pipe: int) -> None:
    """Run cases and write a line for each; a line without an end tells which one killed us."""
    resource.setrlimit(resource.RLIMIT_AS, (SPACE_BYTES, SPACE_BYTES))

    def hang(*_: object) -> None:
        raise Hang

    signal.signal(signal.SIGALRM, hang)
    with tempfile.TemporaryDirectory() as parent, os.fdopen(pipe, "w", encoding="utf-8") as out:
        folder = Path(parent) / "run"
        folder.mkdir()
        for case in cases:
            start = time.process_time()
            answer = run_case(case, on, folder)
            out.write(json.dumps([case, *answer, time.process_time() - start]) + "\n")
            out.flush()


def run_batch(cases: range, on: Bench, tally: Tally) -> None:
    """Run cases in a process of their own; where it dies, note the case and go on after it."""
    while cases:
        receiver, sender = os.pipe()
        process = os.fork()
        if process == 0:
            try:
                os.close(receiver)
                work(cases, on, sender)
            finally:
                os._exit(0)
        os.close(sender)
        done = cases.start
        with os.fdopen(receiver, encoding="utf-8") as lines:
            for line in lines:
                done = _count(json.loads(line), tally) + 1
        _, status = os.waitpid(process, 0)
        if done < cases.stop:
            tally.problems[done] = f"the process died (status {status})"
            done += 1
        cases = range(done, cases.stop)


def _count(answer: Sequence[object], tally: Tally) -> int:
    case, name, status, cts, problem, seconds = answer
    assert isinstance(case, int) and isinstance(name, str) and isinstance(cts, int)
    (tally.read if status == "read" else tally.refused)[name.partition(" ")[0]] += 1
    tally.cts += cts
    tally.slowest = max(tally.slowest, float(str(seconds)))
    if problem:
        tally.problems[case] = str(problem)
    return case


def fuzz(cases: int, on: Bench, *, shown: bool = False) -> Tally:
    """Run cases 0 to `cases` and return the tally."""
    tally = Tally()
    for first in range(0, cases, BATCH):
        run_batch(range(first, min(first + BATCH, cases)), on, tally)
        if shown:
            print(
                f"\r{first + BATCH} of {cases}, {len(tally.problems)} problems", end="", flush=True
            )
    return tally


def page(tally: Tally, *, cases: int, seconds: float, on: Bench) -> str:
    """Return the page of figures."""
    names = list(dict.fromkeys(start.kind for start in on.starts))
    rows = "\n".join(f"| `{n}` | {tally.read[n]} | {tally.refused[n]} |" for n in names)
    real = sum(start.kind == REAL for start in on.starts)
    return f"""# Validation of the readers

The test suite compares every real export at hand with a table of what is in it, to the last digit; writes a
plate in every format, reads it back and calls it; and reads some 490 hostile and broken files within 2 s and
300 MB each. This page holds the figures of the fuzzer.

Written by `benchmarks/fuzz_readers.py --write`; the test suite runs the first 500 of the same cases.
A case is an export with one to four seeded mutations of bytes, lines, cells, columns or numbers, in
an archive also of its members, in XML also of attributes. Of formats of several files, {MIXED_SHARE:.0%} of the
cases mix the folder with another plate of the same layout and names: files exchanged, renamed, copied,
left out, or half of one and half of the other. It starts from a small plate in a format that the
simulator writes or, in {REAL_SHARE:.0%} of the cases where they are at hand, from one of {real} real files.

| what | figure |
|---|---|
| cases (seed {on.seed}) | {cases} |
| CPU seconds | {seconds:.0f} |
| read | {tally.read.total()} |
| refused with one line | {tally.refused.total()} |
| Cts looked up in their mutated file | {tally.cts} |
| slowest case, CPU seconds | {tally.slowest:.2f} |
| **tracebacks, killed processes, cases over {CASE_SECONDS_MAX:g} s, messages of several lines** | **{_faults(tally)}** |
| **Cts or samples that are not in the file; Cts of text not in a line of their well and target** | **{len(tally.problems) - _faults(tally)}** |

| start | read | refused |
|---|---|---|
{rows}

A Ct that stands in its own row can still be a wrong one, where a mutation exchanges two cells or edits a digit:
no reader can tell. What guards against that is the comparison of each Ct with its own curve (`ct_off_curve`).
Whether a folder of two plates is refused or noticed is tested by cases with known answers
(`tests/unit/test_ingest_wrong_joins.py`).
"""  # noqa: E501


def _faults(tally: Tally) -> int:
    return sum("not in the file" not in problem for problem in tally.problems.values())


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description="Fuzz the readers.")
    parser.add_argument("--cases", type=int, default=CASES)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--case", type=int, help="run this one again and keep its files")
    parser.add_argument("--write", action="store_true", help=f"write {PAGE.name}")
    options = parser.parse_args()
    on = bench(options.seed)
    if options.case is not None:
        folder = Path(tempfile.mkdtemp()) / "run"
        folder.mkdir()
        print(*run_case(options.case, on, folder), f"files: {folder}", sep="\n")
        return
    tally = fuzz(options.cases, on, shown=True)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    text = page(tally, cases=options.cases, seconds=used.ru_utime + used.ru_stime, on=on)
    print(f"\n{text}")
    for case, problem in tally.problems.items():
        print(f"case {case}: {problem}")
    if options.write:
        PAGE.write_text(text, encoding="utf-8")
    sys.exit(bool(tally.problems))


if __name__ == "__main__":
    main()
