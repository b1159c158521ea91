"""What was searched, and what was found there: the genome as the verification takes it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from hashlib import file_digest
from pathlib import Path
from typing import Any, Self

from breakpoint_pcr.insilico.rows import GenomeRecord, GenomeSite
from breakpoint_pcr.tables import read_table

# Bases that one job searches: a chromosome, or many small contigs together.
PART_NT = 50_000_000


@dataclass(frozen=True, slots=True)
class Genome:
    """The file that was searched; `bases` counts every letter, N too."""

    file: str
    sha256: str
    records: int
    bases: int

    @classmethod
    def of(cls, path: Path, records: Sequence[GenomeRecord]) -> Self:
        """Describe a FASTA whose records are listed."""
        with path.open("rb") as file:
            sha256 = file_digest(file, "sha256").hexdigest()
        return cls(path.name, sha256, len(records), sum(record.length_nt for record in records))

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Self:
        """Read what `document` wrote."""
        return cls(**document)

    @property
    def document(self) -> dict[str, Any]:
        """Everything as JSON."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class GenomeSearch:
    """A genome, and every site of the panel's oligos in it."""

    genome: Genome
    sites: tuple[GenomeSite, ...]


def part_names(table: Path) -> list[str]:
    """Return the parts of a table of records, in their order."""
    return list(dict.fromkeys(record.part for record in read_table(table, GenomeRecord)))
