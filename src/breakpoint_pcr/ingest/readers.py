"""The formats, in the order in which they are tried. A new one adds its line here."""

from breakpoint_pcr.ingest import (
    abi_sds1,
    abi_sds1_curves,
    abi_sections,
    cfx,
    eds,
    generic,
    lightcycler480,
    mx,
    qtower,
    quantstudio,
    quantstudio_csv,
    rdml,
    rotorgene,
)

READERS = (
    abi_sections.READER,
    quantstudio.READER,
    quantstudio_csv.READER,
    abi_sds1.READER,
    abi_sds1_curves.READER,
    eds.READER,
    cfx.READER,
    rdml.READER,
    lightcycler480.READER,
    rotorgene.READER,
    qtower.READER,
    mx.READER,
    generic.READER,
)
