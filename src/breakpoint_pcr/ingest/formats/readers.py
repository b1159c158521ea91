"""The formats, in the order in which they are tried. A new one adds its module to a list here."""

from collections.abc import Iterator
from importlib import import_module

from breakpoint_pcr.ingest.export import Reader
from breakpoint_pcr.ingest.files.source import Content

# Text and workbooks. The first know most files, so the modules of the others are seldom loaded.
TABLES = (
    "breakpoint_pcr.ingest.formats.abi_sections",
    "breakpoint_pcr.ingest.formats.quantstudio",
    "breakpoint_pcr.ingest.formats.quantstudio_csv",
    "breakpoint_pcr.ingest.formats.abi_sds2",
    "breakpoint_pcr.ingest.formats.abi_sds1",
    "breakpoint_pcr.ingest.formats.abi_sds1_curves",
    "breakpoint_pcr.ingest.formats.cfx",
    "breakpoint_pcr.ingest.formats.lightcycler480",
    "breakpoint_pcr.ingest.formats.rotorgene",
    "breakpoint_pcr.ingest.formats.qtower",
    "breakpoint_pcr.ingest.formats.mx",
    "breakpoint_pcr.ingest.formats.quan_result",
)
# Archives; some of these formats come as text, too.
ARCHIVES = (
    "breakpoint_pcr.ingest.formats.eds",
    "breakpoint_pcr.ingest.formats.rdml",
    "breakpoint_pcr.ingest.formats.lightcycler96",
)
MODULES = (*TABLES, *ARCHIVES, "breakpoint_pcr.ingest.formats.generic")


def readers(kind: Content | None = None) -> Iterator[Reader]:
    """Yield the `READER` of each module, which is loaded when its turn comes.

    Args:
        kind: What the file is, told by its content; None for all readers.
    """
    for module in ARCHIVES if kind is Content.OTHER else MODULES:
        yield import_module(module).READER
