"""What is in each tube before the first cycle. It is fixed here, and nothing later changes it.

Assumptions:
- A sample is a number of copies per reaction of each deletion allele, and an amount of DNA. Copies
  are means; how many molecules reach a tube is drawn later (Poisson).
- Which pairs an allele lights, and the size of each product, is the products table of the panel.
  The shortest product of the table stands for the allele.
- The control gene has two copies per diploid genome of 6.6 pg.
- A contaminated tube holds more of what its assay amplifies well.
- A primer with a poor site primes a fixed share of the templates: its curves come later.
- What the sheet says of the DNA (`sheet: {input_ng: ...}`) may differ from the DNA that is there
  (`input_ng`): a pipetting or photometer error. Only the latter amplifies.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from breakpoint_pcr.errors import BreakpointPcrError
from breakpoint_pcr.panel import Assay, AssayKind
from breakpoint_pcr.tables import Amplifies, Product, Role

PG_PER_GENOME = 6.6
COPIES_PER_GENOME = 2


class PlanError(BreakpointPcrError):
    """A plate plan asks for something that the panel or the plate does not have."""


class FaultKind(StrEnum):
    """What can go wrong in a tube, in the optics or in the export.

    In the tube: contaminated (foreign template), dead (no enzyme: nothing is copied), inhibited
    (copied more slowly), no_mix (nothing was pipetted: hardly any light).
    In the optics: weak, drift, convex, jump, step_back, spike, wave, hook, saturation.
    In the export: omitted by the user, empty (the well is listed without sample and target),
    no_result (the export lacks the reaction), missing_curve, missing_cycles.
    """

    CONTAMINATED = "contaminated"
    DEAD = "dead"
    INHIBITED = "inhibited"
    WEAK = "weak"
    DRIFT = "drift"
    CONVEX = "convex"
    JUMP = "jump"
    SPIKE = "spike"
    MISSING_CURVE = "missing_curve"
    OMITTED = "omitted"
    NO_MIX = "no_mix"
    STEP_BACK = "step_back"
    WAVE = "wave"
    HOOK = "hook"
    SATURATION = "saturation"
    NO_RESULT = "no_result"
    EMPTY = "empty"
    MISSING_CYCLES = "missing_cycles"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that goes wrong.

    Args:
        kind: What it is.
        assay: The assay that it strikes; empty for every assay of the sample, the control gene
            among them (an inhibitor in the DNA, a contaminated sample).
        well: The one well that it strikes; empty for every well of the sample with this assay.
        size: Copies (contaminated); factor on the efficiency (inhibited) or on the fluorescence
            gain (weak); share of the light that is left (no_mix); share of the full rise (convex,
            jump, step_back, spike; wave: from trough to crest; saturation: where the detector
            ends), of the background (drift) or of the curve's own rise (hook); cycles
            (missing_cycles).
        cycle: When it happens or begins (jump, step_back, spike, missing_cycles); where a wave
            crosses its middle on the way up.
    """

    kind: FaultKind
    assay: str = ""
    well: str = ""
    size: float = 0.0
    cycle: int = 0


@dataclass(frozen=True, slots=True)
class Expectation:
    """What the design says of a sample, worked out by hand."""

    call: str
    deletions: tuple[str, ...]
    candidates: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True)
class SampleTruth:
    """A sample: its deletion alleles in mean copies per reaction, and its DNA per reaction."""

    name: str
    role: Role
    alleles: Mapping[str, float] = field(default_factory=dict[str, float])
    input_ng: float | None = None
    long_products: bool = True
    faults: tuple[Fault, ...] = ()
    left_out: tuple[str, ...] = ()
    extra_wells: Mapping[str, str] = field(default_factory=dict[str, str])
    sheet: Mapping[str, str] = field(default_factory=dict[str, str])
    expect: Expectation | None = None

    @property
    def genomes(self) -> float:
        """Return the diploid genomes per reaction."""
        return (self.input_ng or 0.0) * 1000 / PG_PER_GENOME


@dataclass(frozen=True, slots=True)
class Template:
    """A kind of molecule in a tube that the assay can copy; no size: well amplified."""

    copies: float
    size_bp: int | None
    amplifies: Amplifies


def templates_of(
    sample: SampleTruth,
    assay: Assay,
    *,
    products: Iterable[Product],
    priming: Mapping[str, float],
) -> tuple[Template, ...]:
    """Return what a sample brings into a tube of an assay.

    Args:
        sample: The sample.
        assay: The assay.
        products: What each allele gives with each pair.
        priming: Share of templates that a primer starts on, where it is below 1.
    """
    if assay.kind is AssayKind.CONTROL_GENE:
        copies = COPIES_PER_GENOME * sample.genomes
        return (Template(copies, None, Amplifies.MUST),) if copies else ()
    return tuple(
        Template(
            sample.alleles[row.allele]
            * priming.get(row.forward, 1.0)
            * priming.get(row.reverse, 1.0),
            row.size_min,
            row.product,
        )
        for row in products
        if row.assay == assay.name
        and sample.alleles.get(row.allele)
        and (
            row.product is Amplifies.MUST or (row.product is Amplifies.MAY and sample.long_products)
        )
    )


def check_alleles(samples: Iterable[SampleTruth], products: Iterable[Product]) -> None:
    """Refuse an allele that the products table does not know.

    Raises:
        PlanError: With the names that it knows.
    """
    known = dict.fromkeys(row.allele for row in products if row.deletion)
    for sample in samples:
        if unknown := [name for name in sample.alleles if name not in known]:
            raise PlanError(
                f"sample {sample.name}: allele {unknown[0]!r} is not in the products table; "
                f"expected one of {', '.join(known)}"
            )
