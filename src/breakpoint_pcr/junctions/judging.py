"""What a person should know of the junctions."""

from collections.abc import Iterator, Sequence

from breakpoint_pcr.junctions.rows import Junction
from breakpoint_pcr.tables import Finding, Level

SCOPE = "read"


def judge_junctions(rows: Sequence[Junction]) -> list[Finding]:
    """Return the findings of all rows, in their order, then those of several rows together."""
    return [*(finding for row in rows for finding in _judge(row)), *_shared(rows)]


def _judge(row: Junction) -> Iterator[Finding]:
    subject = _subject(row)
    if not row.mapped:
        sentence = f"not mapped: {row.reason}"
        yield Finding(Level.WARNING, SCOPE, subject, "read_not_mapped", sentence)
        return
    if row.reason:
        sentence = f"the ends of the deletion may lie some bases elsewhere: {row.reason}"
        yield Finding(Level.INFO, SCOPE, subject, "junction_doubtful", sentence)
    if not row.deletion:
        sentence = "no whole exon lies between the ends of the deletion, so it belongs to no class"
        yield Finding(Level.WARNING, SCOPE, subject, "junction_without_class", sentence)
    if not row.assays:
        long = (
            f"; by a long product perhaps {', '.join(row.long_assays)}" if row.long_assays else ""
        )
        sentence = f"no assay of the panel is sure to show this junction{long}"
        yield Finding(Level.WARNING, SCOPE, subject, "junction_not_seen", sentence)


def _subject(row: Junction) -> str:
    return f"{row.file}: {row.read}"


def _shared(rows: Sequence[Junction]) -> Iterator[Finding]:
    """Report a junction with inserted bases that several files hold.

    Inserted bases are random, so two samples share such a junction only by exchange of DNA.
    """
    groups: dict[str, dict[str, None]] = {}
    for row in rows:
        if row.mapped and row.inserted:
            key = f"{row.left_last_base} {row.inserted} {row.right_record} {row.right_first_base}"
            groups.setdefault(key, {})[row.file] = None
    for files in groups.values():
        if len(files) > 1:
            sentence = (
                f"the same junction with the same inserted bases in {', '.join(files)}: one sample "
                "sequenced again, or contamination"
            )
            yield Finding(Level.WARNING, SCOPE, ", ".join(files), "junction_shared", sentence)
