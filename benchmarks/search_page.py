"""docs/primer-search.md: the table of `primer_search.py` and what it says."""

import os
import platform
from argparse import Namespace
from collections.abc import Sequence

from planted_genome import Kind, Planted, Site
from search_trials import Score, Trial, complete

HEAD = (
    *("program", "CPU, s", "CPU, ours = 1", "wall, s", "peak, MiB", "index first, CPU s"),
    *(kind.value for kind in Kind),
    *("outside our rule", "two edited sites", "other places"),
)
# Why ours stays where one of them is as complete and takes less CPU time.
WHY = {
    "ncbi-epcr": (
        "NCBI no longer keeps it, it is a C++ program outside of the Python packages, it cannot "
        "limit the edits at the 3' end apart, and it knows no IUPAC letters."
    ),
    "exonerate": "it knows no gaps and no limit at the 3' end, and looks for given pairs only.",
    "emboss": "it knows no gaps and no limit at the 3' end, and looks for given pairs only.",
    "ncbi-blast+": (
        "its alignments are local and may leave out the 3' end, so that each of the other places "
        "that it reports must be aligned anew and judged."
    ),
    "numpy sketch": (
        "ours began as this sketch, which knows no IUPAC letters, reads no gzip, draws no "
        "alignment and holds its primers in its code."
    ),
}
TEXT = """# Site search beside other programs

Written by `uv run python benchmarks/primer_search.py`; do not edit. {cpus} CPUs, Python {python},
genome of {size} Mb, seed {seed}, medians of {repeats} rounds (programs above 60 s: one round), each
program in a fresh process with one thread.

## What was planted

One random record, 41 % GC, in lines of 60, with {sites} sites of the panel's five primers on both
strands: {counts}. {lines} go over the end of a line; one lies in the first and one in the
last bases of the record.

- `exact`: no edit. `mismatch`: 1 to 3, anywhere.
- `gapped`: the site lacks a base or has one more, before the last 10 bases of the primer, with up
  to 2 mismatches beside it. `gapped in the last 10`: the same, the gap at bases 3 to 10 from the
  3' end.
- `like R-8`: the site has one more base, the same as the sixth from the 3' end: what the published
  R-8 lacks.

An independent count (the textbook recursion, not the search) says which of them satisfy the rule of
`src/breakpoint_pcr/insilico/rule.py` with the limits of `config/config.yaml`. {outside} sites with
mismatches do not; they have a column of their own.

e-PCR, ipcress and primersearch look for pairs only. So each of these sites faces an exact site of
the other primer of a pair, 120 to 400 nt apart, and there the product counts for its edited site.
That is lenient: a program that starts from the exact partner finds an edited site that it would not
start from. So there are also {doubles} products of two edited sites; a program that reports sites
has found a product when it reports both of its sites.

A site is found when it is reported with its primer and strand and both ends within 3 nt; a local
alignment of blastn counts when the whole primer, laid along it, lies there. `other places` is
everything else that is reported, once each: for ours, sites by the rule that the random genome
has by chance.

## Result

{table}

"CPU" is user and system time. A program is stopped after {timeout} s of it. e-PCR,
ipcress and primersearch get the panel's six pairs; e-PCR in one row also all other pairs of the
five primers, F-F and R-R, which is what ours answers. Ours, re-PCR, blastn and the sketch search
single primers (the sketch a sixth one, too). An index is made once and serves every search of that
genome.

{verdict}

## What the others cannot

- e-PCR and re-PCR start from words of the primer and align from there; some gapped sites are left
  out, also with settings far slower than the usual ones. Their limits hold for the whole primer,
  not for the 3' end apart; an IUPAC letter of a primer matches nothing; NCBI no longer keeps them;
  they are C++ programs outside of the Python packages.
- ipcress and primersearch know no gaps: what they find of the gapped sites is where a gap can be
  read as mismatches, with a product length that is wrong by one. Their limits hold for the whole
  primer. primersearch has no limit on the product's length.
- blastn reports local alignments, not sites, and leaves the pairs to the user:
{blast}
"""


def row(trial: Trial, ours: Trial, planted: Planted) -> list[str]:
    """Return the cells of a program."""
    if trial.failure or trial.score is None:
        return [trial.peer.name, trial.failure, *[""] * (len(HEAD) - 2)]
    cpu = trial.median(lambda cost: cost.cpu_s)
    inside = [
        _share(trial.score, [s for s in planted.judged if s.kind is kind and s in planted.in_rule])
        for kind in Kind
    ]
    return [
        trial.peer.name,
        f"{cpu:.2f}",
        f"{cpu / ours.median(lambda cost: cost.cpu_s):.2f}",
        f"{trial.median(lambda cost: cost.wall_s):.2f}",
        f"{trial.median(lambda cost: cost.peak_mib):.0f}",
        f"{trial.index.cpu_s:.1f}" if trial.index else "-",
        *inside,
        _share(trial.score, [site for site in planted.judged if site not in planted.in_rule]),
        f"{len(trial.score.products)}/{len(planted.doubles)}",
        f"{trial.score.other_places:,}",
    ]


def _share(found: Score, wanted: Sequence[Site]) -> str:
    return f"{sum(site in found.sites for site in wanted)}/{len(wanted)}"


def table(trials: Sequence[Trial], planted: Planted) -> str:
    """Return the Markdown table."""
    rows = [HEAD, ["---"] * len(HEAD), *(row(trial, trials[0], planted) for trial in trials)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in rows)


def verdict(trials: Sequence[Trial], planted: Planted) -> str:
    """Say which programs are as complete as ours and take less CPU time, and why ours stays."""
    ours, *others = trials
    if ours.score is None:
        return f"Ours: {ours.failure}; there is nothing to compare with."
    if not complete(ours, planted):
        return "**Ours misses planted sites that satisfy its own rule: a fault to report.**"
    limit = ours.median(lambda cost: cost.cpu_s)
    rivals = [
        trial
        for trial in others
        if complete(trial, planted) and trial.median(lambda cost: cost.cpu_s) < limit
    ]
    if not rivals:
        return "No program is both faster (CPU time) and as complete as ours."
    lines = ["Faster (CPU time, a prepared index not counted) and as complete on these sites:", ""]
    lines += [f"- {trial.peer.name}. Why ours stays: {WHY[trial.peer.package]}" for trial in rivals]
    return "\n".join(lines)


def alignments(trials: Sequence[Trial]) -> list[str]:
    """Say how much of what blastn reports is a whole site."""
    return [
        f"`{trial.peer.name}`: of {len(trial.score.sites)} planted sites that it touches, "
        f"{trial.score.to_the_end} are aligned up to the 3' end of the primer; "
        f"{trial.score.other_places:,} other alignments must be filtered."
        for trial in trials
        if trial.score and trial.peer.package == "ncbi-blast+"
    ]


def page(trials: Sequence[Trial], planted: Planted, options: Namespace) -> str:
    """Return the whole of docs/primer-search.md."""
    size = planted.length_nt / 1e6
    counts = ", ".join(
        f"{sum(site.kind is kind for site in planted.judged)} {kind.value}" for kind in Kind
    )
    outside = len(planted.judged) - len(planted.in_rule.intersection(planted.judged))
    blast = "\n".join(f"  - {line}" for line in alignments(trials))
    return TEXT.format(
        size=f"{size:g}",
        repeats=options.repeats,
        seed=options.seed,
        cpus=os.cpu_count(),
        python=platform.python_version(),
        sites=len(planted.judged),
        counts=counts,
        outside=outside,
        lines=planted.over_line_ends,
        doubles=len(planted.doubles),
        timeout=options.timeout,
        table=table(trials, planted),
        verdict=verdict(trials, planted),
        blast=blast or "  - not run.",
    )
