"""The formats, in the order in which they are tried. A new one adds its module here."""

from collections.abc import Iterator
from importlib import import_module

from breakpoint_pcr.ingest.export import Reader

# Those of text stand first, for they load least; the modules of the others are seldom loaded.
MODULES = (
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
    "breakpoint_pcr.ingest.formats.eds",
    "breakpoint_pcr.ingest.formats.rdml",
    "breakpoint_pcr.ingest.formats.lightcycler96",
    "breakpoint_pcr.ingest.formats.generic",
)


def readers() -> Iterator[Reader]:
    """Yield the `READER` of each module, which is loaded when its turn comes."""
    for module in MODULES:
        yield import_module(module).READER
