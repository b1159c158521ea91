"""How long things take: one command, ratios side by side in one run.

    uv run python benchmarks/speed.py            print the table
    uv run python benchmarks/speed.py --write    and put it into docs/speed.md

CPU seconds (user and system, children included), the median of several rounds.
"""

import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import numpy as np
from speed_exports import export_rows

from breakpoint_pcr.config import read_yaml
from breakpoint_pcr.curves import CurveLimits, judge_curves, measure_curves

ROOT = Path(__file__).parents[1]
DEMO = next(path for path in sorted((ROOT / "resources/demo/runs").iterdir()) if path.is_dir())
ROUNDS = 5
HEAD = ("what", "CPU, median", "ratio")
EXPORT_HEAD = ("export", "MB", "read, CPU s", "parsed only, CPU s", "ratio")
PAGE = """# Speed

`uv run python benchmarks/speed.py --write`, {cores} cores.

{workflow}

A run spends its time on starting Python and Snakemake in each of its jobs, on pandas, which
Snakemake imports as soon as a rule has parameters, and on laying out the PDF; reading, judging and
calling take the rest.

## Reading an export

From the start of the interpreter to reactions and curves, beside a program that only takes the file
apart (csv, python-calamine, ElementTree). Aims: 0.25 s for 96 wells with curves, 0.5 s for a
workbook of 384 wells and 2.5 MB and for the longest RDML. Plates are simulated unless named real.

{exports}
"""
BARE = """rule all:
    input: "done.txt"
rule make:
    output: "done.txt"
    shell: "touch {output}"
"""


def cpu_seconds(command: list[str], folder: Path) -> float:
    """Run a command and return the CPU seconds of it and its children."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def snakemake(folder: Path, *options: str, bare: bool = False) -> list[str]:
    """Return the command line of Snakemake on a working folder."""
    snakefile = folder / "Snakefile" if bare else ROOT / "Snakefile"
    command = [sys.executable, "-m", "snakemake", "--snakefile", str(snakefile), "--cores", "2"]
    if not bare:
        command += ["--directory", str(folder), "--configfile", str(folder / "overlay.json")]
    return [*command, "--scheduler", "greedy", *options]


def median_of(action: Callable[[], float]) -> float:
    """Return the median of the rounds after one warm-up."""
    action()
    return statistics.median(action() for _ in range(ROUNDS))


def bare_folder(parent: Path) -> Path:
    """Make a folder with the smallest workflow that does something."""
    folder = parent / "bare"
    folder.mkdir()
    (folder / "Snakefile").write_text(BARE, encoding="utf-8")
    return folder


def work_folder(parent: Path) -> Path:
    """Make a folder with one demo run, the panel already verified."""
    folder = parent / "work"
    shutil.copytree(DEMO, folder / "runs" / DEMO.name)
    (folder / "overlay.json").write_text(json.dumps({"runs": "runs"}), encoding="utf-8")
    cpu_seconds(snakemake(folder, "results/panel/panel.json"), folder)
    return folder


def workflow_rows(parent: Path) -> list[tuple[str, str, str]]:
    """Time a run end to end and a no-op, each beside the bare workflow."""
    bare, work = bare_folder(parent), work_folder(parent)
    report = f"results/runs/{DEMO.name}/report.pdf"

    def bare_start() -> float:
        (bare / "done.txt").unlink(missing_ok=True)
        return cpu_seconds(snakemake(bare, bare=True), bare)

    def one_run() -> float:
        shutil.rmtree(work / "results/runs", ignore_errors=True)
        return cpu_seconds(snakemake(work, report), work)

    start, run = median_of(bare_start), median_of(one_run)
    idle = median_of(lambda: cpu_seconds(snakemake(bare, bare=True), bare))
    noop = median_of(lambda: cpu_seconds(snakemake(work, report), work))
    return [
        ("bare Snakemake, one job", f"{start:.2f} s", "1"),
        ("one 96-well run to its report", f"{run:.2f} s", f"{run - start:.2f} s beyond bare"),
        ("bare Snakemake, nothing to do", f"{idle:.2f} s", "1"),
        ("this workflow, nothing to do", f"{noop:.2f} s", f"{noop / idle:.2f} x bare"),
    ]


def curve_row() -> tuple[str, str, str]:
    """Time the judgement of a 384-well plate of 45 cycles."""
    limits = CurveLimits.from_config(read_yaml(ROOT / "config/config.yaml")["curves"])
    cycles = np.arange(45)
    middles = np.linspace(15, 60, 384)[:, None]
    noise = np.random.default_rng(1).normal(0, 0.004, (384, 45))
    plate = (2.0 / (1 + np.exp(-(cycles - middles) / 1.6)) + 0.002 * cycles + noise).tolist()
    nothing = [None] * len(plate)

    def judge() -> float:
        start = time.process_time()
        features = measure_curves(plate, limits)
        judge_curves(features, reference_amplitudes=nothing, levels=nothing, limits=limits)
        return time.process_time() - start

    return ("384 curves of 45 cycles judged", f"{1000 * median_of(judge):.0f} ms", "")


def table_of(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table in Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def main() -> None:
    """Print the tables, and write them on request."""
    with tempfile.TemporaryDirectory() as folder:
        exports = table_of(EXPORT_HEAD, export_rows(Path(folder)))
        print(exports)
        workflow = table_of(HEAD, [*workflow_rows(Path(folder)), curve_row()])
        print(workflow)
    if "--write" in sys.argv[1:]:
        text = PAGE.format(cores=os.cpu_count(), workflow=workflow, exports=exports)
        (ROOT / "docs/speed.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
