"""Names out of a file: what must not reach tables and reports becomes a blank, with a finding.

A name is never cut: two names that agree in their first letters would become one sample.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import replace

from breakpoint_pcr.errors import ExportError
from breakpoint_pcr.ingest.cells import shown
from breakpoint_pcr.ingest.export import Export, Record
from breakpoint_pcr.ingest.files.source import Content, Source
from breakpoint_pcr.ingest.files.text import CHINESE, decode
from breakpoint_pcr.tables import Finding, Level

NAME_LETTERS_MAX = 200
ENCODING_GUESSED = "encoding_guessed"
# Controls, lone surrogates, line ends; letters without a shape, blanks of other widths: names that
# look the same must be the same.
UNFIT = frozenset({"Cc", "Cs", "Zl", "Zp", "Cf", "Zs"})
# As what UTF-8 is taken by software that then writes it as UTF-8 once more.
WESTERN = ("cp1252", "latin-1")


def clean_name(text: str) -> str:
    """Replace what cannot be seen by blanks, such as controls and line ends; strip outer blanks."""
    if not text.isprintable():
        text = "".join(" " if unicodedata.category(c) in UNFIT else c for c in text)
    return text.strip()


def with_clean_names(export: Export) -> Export:
    """Return the export with names that are fit for tables.

    Raises:
        ExportError: A name is longer than 200 letters.
    """
    records = tuple(_clean(export.file, record) for record in export.records)
    changed = [new.well for old, new in zip(export.records, records, strict=True) if old != new]
    findings = _findings(export.file, changed, _twice_encoded(export.records))
    return replace(export, records=records, noticed=(*export.noticed, *findings))


def with_encoding(export: Export, source: Source) -> Export:
    """Return the export with a finding where the letters of its names were told by their bytes.

    Only GB18030 is told here, for readers that say nothing of it themselves; what cp1252 holds
    beyond ASCII are signs of units.
    """
    if source.kind is not Content.TEXT or decode(source).guessed != CHINESE:
        return export
    if any(finding.code == ENCODING_GUESSED for finding in export.noticed):
        return export
    sentence = f"the text is not UTF-8 and was read as {CHINESE}"
    odd = Finding(Level.WARNING, "run", export.file, ENCODING_GUESSED, sentence)
    return replace(export, noticed=(*export.noticed, odd))


def _clean(file: str, record: Record) -> Record:
    names = (record.sample, record.target, record.task, record.dye)
    for name in names:
        if len(name) > NAME_LETTERS_MAX:
            raise ExportError(
                file,
                f"well {record.well} has a name of {len(name)} letters, {shown(name)}; "
                f"at most {NAME_LETTERS_MAX} expected; shorten it",
            )
    if all(name.isprintable() for name in names):
        return record
    sample, target, task, dye = map(clean_name, names)
    return replace(record, sample=sample, target=target, task=task, dye=dye)


def _twice_encoded(records: Iterable[Record]) -> list[str]:
    """Return the wells with a name of letters beyond ASCII that are UTF-8 themselves: Ã¼ for ü."""
    return [
        record.well
        for record in records
        if any(map(_is_twice_encoded, (record.sample, record.target)))
    ]


def _is_twice_encoded(name: str) -> bool:
    if name.isascii():
        return False
    for encoding in WESTERN:
        try:
            return name.encode(encoding).decode("utf-8") != name
        except UnicodeError:
            continue
    return False


def _findings(file: str, cleaned: list[str], encoded: list[str]) -> Iterable[Finding]:
    if cleaned:
        names = ", ".join(dict.fromkeys(cleaned))
        sentence = f"characters that cannot be seen in names of {names} became blanks"
        yield Finding(Level.WARNING, "run", file, "name_cleaned", sentence)
    if encoded:
        names = ", ".join(dict.fromkeys(encoded))
        sentence = (
            f"letters in names of {names} were encoded twice, such as Ã¼ for ü; the names are not "
            "those of the instrument; export again, or name them in the sample sheet"
        )
        yield Finding(Level.WARNING, "run", file, "name_encoding", sentence)
