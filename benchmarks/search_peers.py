"""The programs that `primer_search.py` runs beside ours: how each is called, how its answer reads.

Coordinates of what a parser yields are 0-based half-open on the plus strand.
"""

import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations_with_replacement
from pathlib import Path
from shutil import which

from breakpoint_pcr.panel import Panel

GENOME = "genome.fa"
SKETCH = Path(__file__).parents[2] / "shared/sketches/primer_scan.py"
OURS = "breakpoint-pcr scan-primers"
# The sketch reports the word at the 3' end.
SKETCH_WORD_NT = 10


@dataclass(frozen=True, slots=True)
class Place:
    """A reported site (one name) or product (names of its left and right primer, no strand)."""

    names: tuple[str, ...]
    strand: str
    start: int
    end: int
    # Bases at the 3' end that a local alignment leaves out.
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class Oligos:
    """What a parser needs to know: sequences by name, pairs by number, length of the record."""

    sequences: dict[str, str]
    pairs: tuple[tuple[str, str], ...]
    record_nt: int


Parser = Callable[[Iterable[str], Oligos], Iterator[Place]]


@dataclass(frozen=True, slots=True)
class Peer:
    """A program with its settings; commands run in the folder of the genome."""

    name: str
    package: str
    prepare: tuple[tuple[str, ...], ...]
    command: tuple[str, ...]
    parse: Parser
    # The answer stands in this file; None: on standard output.
    answer: str | None = None

    @property
    def missing(self) -> bool:
        """Whether a program of it is not on this machine."""
        scripts = [word for word in self.command if word.endswith(".py")]
        programs = [command[0] for command in (*self.prepare, self.command)]
        return not all(map(which, programs)) or not all(Path(name).is_file() for name in scripts)


def write_inputs(
    folder: Path, panel: Panel, *, product_nt: tuple[int, int], record_nt: int
) -> Oligos:
    """Write the primers and pairs in the form of each program."""
    sequences = {primer.name: primer.sequence for primer in panel.primers}
    assays = panel.breakpoint_assays
    pairs = tuple((p.forward.name, p.reverse.name) for assay in assays for p in assay.pairs)
    others = [pair for pair in combinations_with_replacement(sequences, 2) if pair not in pairs]
    every = (*pairs, *others)
    low, high = product_nt

    def lines(form: str, wanted: Sequence[tuple[str, str]]) -> str:
        return "".join(
            form.format(id=number, f=sequences[f], r=sequences[r], low=low, high=high)
            for number, (f, r) in enumerate(wanted)
        )

    files = {
        "primers.tsv": "name\tsequence\n" + "".join(f"{n}\t{s}\n" for n, s in sequences.items()),
        "primers.txt": "".join(f"{n}\t{s}\n" for n, s in sequences.items()),
        "primers.fa": "".join(f">{n}\n{s}\n" for n, s in sequences.items()),
        "pairs.sts": lines("{id}\t{f}\t{r}\t{low}-{high}\n", pairs),
        "every.sts": lines("{id}\t{f}\t{r}\t{low}-{high}\n", every),
        "pairs.ipcress": lines("{id} {f} {r} {low} {high}\n", pairs),
        "pairs.primersearch": lines("{id}\t{f}\t{r}\n", pairs),
    }
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return Oligos(sequences, every, record_nt)


def peers() -> list[Peer]:
    """List ours first, then the others with each of their settings."""
    own = str(Path(sys.executable).parent / "breakpoint-pcr")
    ours = (own, "scan-primers", "--primers", "primers.tsv", "--reference", GENOME, "ours.tsv")
    sketch = (sys.executable, str(SKETCH), GENOME)
    return [
        Peer(OURS, "this project", (), ours, read_ours, "ours.tsv"),
        *map(_epcr, ("-n 1 -g 1", "-n 3 -g 3", "-n 3 -g 3 -w 4", "-n 3 -g 3 -w 4 -f 3")),
        _epcr("-n 3 -g 3 -w 4 -f 3", "every.sts"),
        _epcr("-n 3 -g 3 -w 4 -f 3 -a a"),
        *map(_repcr, ("-n 1 -g 1", "-n 3 -g 3")),
        *map(_ipcress, range(4)),
        *map(_primersearch, (0, 10)),
        _blastn("-evalue 1000"),
        _blastn("-evalue 30000 -reward 1 -penalty -1 -gapopen 2 -gapextend 1"),
        Peer("sketch primer_scan.py", "numpy sketch", (), sketch, read_sketch),
    ]


def _epcr(options: str, pairs: str = "pairs.sts") -> Peer:
    command = ("e-PCR", *options.split(), "-t", "3", pairs, GENOME)
    every = ", also F-F and R-R" if pairs == "every.sts" else ""
    return Peer(f"e-PCR {options}{every}", "ncbi-epcr", (), command, read_epcr)


def _repcr(options: str) -> Peer:
    prepare = (
        ("famap", "-t", "N", "-b", "genome.famap", GENOME),
        ("fahash", "-b", "genome.hash", "-w", "12", "-f", "3", "genome.famap"),
    )
    command = ("re-PCR", "-P", "genome.hash", *options.split(), "primers.txt")
    return Peer(f"re-PCR {options}", "ncbi-epcr", prepare, command, read_repcr)


def _ipcress(mismatches: int) -> Peer:
    command = ("ipcress", "-m", str(mismatches), "--pretty", "false", "pairs.ipcress", GENOME)
    return Peer(f"ipcress -m {mismatches}", "exonerate", (), command, read_ipcress)


def _primersearch(percent: int) -> Peer:
    answer = f"primersearch.{percent}"
    command = ("primersearch", GENOME, "pairs.primersearch", str(percent), answer)
    return Peer(f"primersearch {percent} %", "emboss", (), command, read_primersearch, answer)


def _blastn(options: str) -> Peer:
    columns = "6 qseqid sstrand qstart qend sstart send"
    prepare = (("makeblastdb", "-in", GENOME, "-dbtype", "nucl", "-out", "genome.blast"),)
    command = (
        *("blastn", "-task", "blastn-short", "-db", "genome.blast", "-query", "primers.fa"),
        *("-word_size", "7", "-dust", "no", "-outfmt", columns, *options.split()),
    )
    return Peer(f"blastn-short {options}", "ncbi-blast+", prepare, command, read_blastn)


def read_ours(lines: Iterable[str], _: Oligos) -> Iterator[Place]:
    """Read the table of `scan-primers`."""
    for line in list(lines)[1:]:
        primer, _record, start, end, strand, *_rest = line.split("\t")
        yield Place((primer,), strand, int(start), int(end))


def read_epcr(lines: Iterable[str], oligos: Oligos) -> Iterator[Place]:
    """Read e-PCR -t 3: on the minus strand the pair stands the other way round."""
    for line in lines:
        if line.strip() and not line.startswith("#"):
            _, pair, strand, start, end, *_ = line.split("\t")
            names = oligos.pairs[int(pair)]
            yield Place(names if strand == "+" else names[::-1], "", int(start) - 1, int(end))


def read_repcr(lines: Iterable[str], _: Oligos) -> Iterator[Place]:
    """Read re-PCR -P, which prints a site once for each number of gaps that it tries."""
    for line in lines:
        if line.strip() and not line.startswith("#"):
            primer, _record, strand, start, end, *_rest = line.split("\t")
            yield Place((primer,), strand, int(start) - 1, int(end))


def read_ipcress(lines: Iterable[str], oligos: Oligos) -> Iterator[Place]:
    """Read the lines of ipcress: A and B are the primers of the pair, positions count from 0."""
    for line in lines:
        if line.startswith("ipcress:"):
            _, _, pair, length, first, start, _, second, *_ = line.split()
            names = dict(zip("AB", oligos.pairs[int(pair)], strict=True))
            left = int(start)
            yield Place((names[first], names[second]), "", left, left + int(length))


HITS = re.compile(r"(\w+) hits (forward|reverse) strand at \[?(\d+)\]?")


def read_primersearch(lines: Iterable[str], oligos: Oligos) -> Iterator[Place]:
    """Read amplimers; `[n]` is a position counted from the end of the record."""
    names = {sequence: name for name, sequence in oligos.sequences.items()}
    left, start = "", 0
    for line in lines:
        if found := HITS.search(line):
            sequence, strand, at = found.groups()
            if strand == "forward":
                left, start = names[sequence], int(at) - 1
            else:
                end = oligos.record_nt - int(at) + 1
                yield Place((left, names[sequence]), "", start, end)


def read_blastn(lines: Iterable[str], oligos: Oligos) -> Iterator[Place]:
    """Read local alignments; each is drawn out to where the whole primer would lie."""
    for line in lines:
        primer, strand, *numbers = line.split("\t")
        first, last, start, end = map(int, numbers)
        before, after = first - 1, len(oligos.sequences[primer]) - last
        if strand == "plus":
            yield Place((primer,), "+", start - 1 - before, end + after, after)
        else:
            yield Place((primer,), "-", end - 1 - after, start + before, after)


def read_sketch(lines: Iterable[str], oligos: Oligos) -> Iterator[Place]:
    """Read the sites of the sketch: where the word at the 3' end begins, counted from 1."""
    for line in lines:
        kind, _, primer, strand, word, *_ = line.split("\t")
        if kind == "site" and primer in oligos.sequences:
            length, at = len(oligos.sequences[primer]), int(word) - 1
            start = at + SKETCH_WORD_NT - length if strand == "+" else at
            yield Place((primer,), strand, start, start + length)
