"""The formats, in the order in which they are tried. A new one adds its line here."""

from breakpoint_pcr.ingest import abi_sections, generic, quantstudio

READERS = (
    abi_sections.READER,
    quantstudio.READER,
    generic.READER,
)
