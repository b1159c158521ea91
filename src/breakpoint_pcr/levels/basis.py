"""What every level of a run rests on, and which assays must show a class."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from breakpoint_pcr.calling.sheet import Sheet
from breakpoint_pcr.explanation import Allele, in_exon_order
from breakpoint_pcr.levels.settings import LevelSettings
from breakpoint_pcr.levels.standards import Key, Line, StandardWells
from breakpoint_pcr.panel import Panel
from breakpoint_pcr.tables import Quantity


@dataclass(frozen=True, slots=True)
class Basis:
    """A run as its levels see it.

    `tested` are the breakpoint assays that were run for samples, in panel order, `unconfirmed` the
    primers of them on which no negative may rest.
    """

    panel: Panel
    alleles: tuple[Allele, ...]
    tested: tuple[str, ...]
    unconfirmed: frozenset[str]
    sheet: Sheet
    standards: StandardWells
    lines: Mapping[Key, Line]
    settings: LevelSettings

    @property
    def classes(self) -> tuple[str, ...]:
        """Every class that an assay of the plate shows."""
        assays = [self.panel.assay(name) for name in self.tested]
        return in_exon_order(deletion.label for assay in assays for deletion in assay.deletions)

    @property
    def genes(self) -> tuple[str, ...]:
        """Control genes, in panel order."""
        return tuple(gene.name for gene in self.panel.control_genes)

    def line(self, assay: str, quantity: Quantity, patient: str = "") -> Line | None:
        """Return a standard curve; None where there are no such standards."""
        return self.lines.get((assay, quantity, patient))

    def forms(self, label: str) -> list[Allele]:
        """Return the alleles of a class."""
        return [allele for allele in self.alleles if allele.deletion == label]

    def must_show(self, forms: Sequence[Allele]) -> tuple[str, ...]:
        """Return the assays of the plate that one of these alleles must light, in panel order."""
        must = frozenset[str]().union(*(allele.must for allele in forms))
        return tuple(name for name in self.tested if name in must)

    def usual_form_tested(self, label: str) -> bool:
        """Tell whether an assay of the plate must show the usual form of a class."""
        return bool(self.must_show([form for form in self.forms(label) if form.main]))

    def forms_not_tested(self, label: str) -> list[str]:
        """Return the forms of a class that an assay of the panel must show, but none was run."""
        return [f.name for f in self.forms(label) if f.must and not self.must_show([f])]

    def long_forms(self, label: str) -> list[str]:
        """Return the forms of a class that are seen by a long product only, or not at all."""
        return [form.name for form in self.forms(label) if not form.must]

    def doubtful_primers(self, label: str) -> list[str]:
        """Return the primers without an exact site on which the class's absence hangs."""
        pairs = [pair for name in self.tested for pair in self.panel.assay(name).pairs]
        primers = [
            {p.forward.name, p.reverse.name} & self.unconfirmed
            for p in pairs
            if p.detects.label == label
        ]
        return sorted(frozenset[str]().union(*primers)) if all(primers) else []
