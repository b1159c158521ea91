"""The formats, in the order in which they are tried. A new one adds its module here."""

from collections.abc import Iterator
from importlib import import_module

from breakpoint_pcr.ingest.export import Reader

# The first readers know most files, so the modules of the others are seldom loaded.
MODULES = (
    "breakpoint_pcr.ingest.abi_sections",
    "breakpoint_pcr.ingest.quantstudio",
    "breakpoint_pcr.ingest.quantstudio_csv",
    "breakpoint_pcr.ingest.abi_sds2",
    "breakpoint_pcr.ingest.abi_sds1",
    "breakpoint_pcr.ingest.abi_sds1_curves",
    "breakpoint_pcr.ingest.eds",
    "breakpoint_pcr.ingest.cfx",
    "breakpoint_pcr.ingest.rdml",
    "breakpoint_pcr.ingest.lightcycler480",
    "breakpoint_pcr.ingest.lightcycler96",
    "breakpoint_pcr.ingest.rotorgene",
    "breakpoint_pcr.ingest.qtower",
    "breakpoint_pcr.ingest.mx",
    "breakpoint_pcr.ingest.quan_result",
    "breakpoint_pcr.ingest.generic",
)


def readers() -> Iterator[Reader]:
    """Yield the `READER` of each module, which is loaded when its turn comes."""
    for module in MODULES:
        yield import_module(module).READER
