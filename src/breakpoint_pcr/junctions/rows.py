"""Tables of results/junctions/."""

from dataclasses import dataclass

from breakpoint_pcr.tables.columns import column


@dataclass(frozen=True, slots=True)
class Junction:
    """junctions.tsv: a sequenced product placed on the locus, one row per read.

    Positions are 1-based: of the first record on the chromosome, of a record beyond it, whose place
    is not known, on that record. Where bases at the junction fit both sides, the left side takes
    them (HGVS: the deletion is described as far 3' as possible), and `microhomology` names them.
    """

    read: str = column("name of the read")
    file: str = column("file name, with as many folders as it takes to tell it from the others")
    length_nt: int = column("length of the read", "nt")
    strand: str = column("+ as the locus, - reversed; empty when the read fits nothing")
    mapped: bool = column("whether both sides of a deletion were found")
    deletion: str = column("class label; empty when no exon lies between the ends", name="class")
    left_last_base: int | None = column("last base kept left of the deletion")
    right_record: str = column("record of the first base kept on the right")
    right_first_base: int | None = column("first base kept right of the deletion")
    inserted: str = column(
        "bases between them that neither side explains, plus strand of the locus"
    )
    microhomology: str = column("bases at the junction that fit both sides")
    deleted_nt: int | None = column("bases deleted; empty when the distance is not known", "nt")
    left_signal: str = column("RAG heptamer beside the left end: bases, fit, distance")
    right_signal: str = column("RAG heptamer beside the right end: bases, fit, distance")
    hgvs: str = column("genomic description, HGVS")
    assays: tuple[str, ...] = column("assays that must light up")
    long_assays: tuple[str, ...] = column("assays that may light up by a long product")
    left_nt: int | None = column("read bases that the left side explains", "nt")
    right_nt: int | None = column("read bases that the right side explains", "nt")
    edits: int | None = column("mismatches, gaps and N within both sides", "nt")
    trimmed_nt: int | None = column(
        "read bases outside both sides, at the ends (poor quality, vector, primer tail)", "nt"
    )
    reason: str = column("why a read is not mapped, or what is doubtful")
