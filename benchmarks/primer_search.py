"""The site search beside other programs: time and completeness, one command, one run.

    uv run python benchmarks/primer_search.py

makes a random genome with planted sites of the panel's primers, lets each program search it in
a fresh process, and writes docs/primer-search.md. Debian has the other programs:

    apt-get install ncbi-epcr exonerate emboss ncbi-blast+
"""

import tempfile
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path

from planted_genome import PRODUCT_MAX_NT, Planted, plant
from search_page import page, table
from search_peers import Oligos, peers, write_inputs
from search_trials import Score, Trial, measure, score

from breakpoint_pcr.config import read_yaml
from breakpoint_pcr.insilico.rule import SearchRule
from breakpoint_pcr.panel import load_panel

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs/primer-search.md"
PANEL = ROOT / "resources/primers/ikzf1"
PRODUCT_MIN_NT = 60


def benchmark(folder: Path, options: Namespace) -> tuple[list[Trial], Planted]:
    """Plant a genome in a folder, run every program on it, and score the answers."""
    section = read_yaml(ROOT / "config/config.yaml")["primers"]
    rule = SearchRule(**{limit.name: section[limit.name] for limit in fields(SearchRule)})
    panel = load_panel(PANEL)
    length = round(options.genome_mb * 1e6)
    planted = plant(folder, panel, rule, length_nt=length, copies=options.copies, seed=options.seed)
    oligos = write_inputs(
        folder, panel, product_nt=(PRODUCT_MIN_NT, PRODUCT_MAX_NT), record_nt=length
    )
    trials = [
        Trial(peer, folder / (peer.answer or f"answer.{number}"))
        for number, peer in enumerate(peers())
    ]
    measure(trials, repeats=options.repeats, limit_s=options.timeout)
    # Only now: a child inherits the peak of this process, so nothing large is read before.
    for trial in trials:
        if not trial.failure:
            trial.score = _score_of(trial, oligos, planted, rule)
    return trials, planted


def _score_of(trial: Trial, oligos: Oligos, planted: Planted, rule: SearchRule) -> Score:
    with trial.answer.open(encoding="utf-8") as lines:
        return score(trial.peer.parse(lines, oligos), planted, rule.edits_max)


def arguments(words: Sequence[str] | None = None) -> Namespace:
    """Read the command line."""
    parser = ArgumentParser(description="The site search beside other programs.")
    parser.add_argument("--genome-mb", type=float, default=250, help="length of the record (250)")
    parser.add_argument("--copies", type=int, default=10, help="per kind, primer, strand (10)")
    parser.add_argument("--repeats", type=int, default=3, help="rounds; medians are shown (3)")
    parser.add_argument("--seed", type=int, default=1, help="of genome and sites (1)")
    parser.add_argument("--timeout", type=int, default=120, help="CPU s per program (120)")
    parser.add_argument("--output", type=Path, default=PAGE, help="docs/primer-search.md")
    return parser.parse_args(words)


def main() -> None:
    """Run everything, print the table and write the page."""
    options = arguments()
    with tempfile.TemporaryDirectory() as folder:
        trials, planted = benchmark(Path(folder), options)
    print(table(trials, planted))
    options.output.write_text(page(trials, planted, options), encoding="utf-8")


if __name__ == "__main__":
    main()
