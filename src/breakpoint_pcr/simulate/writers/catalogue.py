"""The formats that the simulator writes."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from breakpoint_pcr.simulate.plate import SimulatedPlate
from breakpoint_pcr.simulate.truth import PlanError
from breakpoint_pcr.simulate.writers import (
    abi7500_v2,
    cfx,
    cfx_formats,
    eds,
    flex,
    generic,
    lightcycler96,
    lightcycler480,
    mx,
    qtower,
    quan_result,
    quantstudio,
    quantstudio_csv,
    rdml,
    rotorgene,
    rotorgene_csv,
    sds1,
    sds2,
)


@dataclass(frozen=True, slots=True)
class Writer:
    """A format: its name in plans, decimals of its numbers, file suffix, and how to write it.

    A format of several files writes the others beside the one that is named. One that does not name
    the targets needs a sample sheet that names the assays.
    """

    name: str
    digits: int
    suffix: str
    write: Callable[[Path, SimulatedPlate], None]
    names_targets: bool = True


WRITERS = (
    Writer("abi7500_v2", 4, ".csv", abi7500_v2.write),
    Writer("stepone", 4, ".txt", abi7500_v2.write_stepone),
    Writer("sds1", 4, ".csv", sds1.write),
    Writer("sds1_study", 4, ".csv", sds1.write_study),
    Writer("sds2", 6, ".txt", sds2.write),
    Writer("flex", 6, ".txt", flex.write_text),
    Writer("flex_crt", 6, ".txt", flex.write_crt),
    Writer("flex_workbook", 6, ".xlsx", flex.write_workbook),
    Writer("quantstudio", 6, ".xlsx", quantstudio.write),
    Writer("quantstudio_csv", 6, "_Results.csv", quantstudio_csv.write),
    Writer("eds_1", 6, ".eds", eds.write_version_1),
    Writer("eds_2", 6, ".eds", eds.write_version_2),
    Writer("cfx", 6, " -  Quantification Cq Results.csv", cfx.write),
    Writer(
        "cfx_workbook",
        6,
        " -  Quantification Cq Results.xlsx",
        cfx_formats.write_workbook,
    ),
    Writer("cfx_xml", 6, " -  Quantification Cq Results.xml", cfx_formats.write_xml),
    Writer("lightcycler480", 4, " abs quant.txt", lightcycler480.write, names_targets=False),
    Writer(
        "lightcycler480_all_samples",
        4,
        " all samples.txt",
        lightcycler480.write_all_samples,
        names_targets=False,
    ),
    Writer("lightcycler96", 4, " - Abs Quant.txt", lightcycler96.write_table),
    Writer("lightcycler96_run", 6, ".lc96p", lightcycler96.write_run),
    Writer("rotorgene", 4, " analysis.csv", rotorgene.write, names_targets=False),
    Writer("rotorgene_csv", 4, " analysis.csv", rotorgene_csv.write, names_targets=False),
    Writer(
        "rotorgene_translated",
        4,
        " analysis.csv",
        rotorgene_csv.write_translated,
        names_targets=False,
    ),
    Writer("qtower", 4, ".csv", qtower.write),
    Writer("mx", 4, " - Text Report.txt", mx.write),
    Writer("ariamx", 4, " - Tabular Results.txt", mx.write_aria),
    Writer("rdml", 6, ".rdml", rdml.write),
    Writer("quan_result", 4, ".csv", quan_result.write),
    Writer("quan_result_workbook", 4, ".xlsx", quan_result.write_workbook),
    Writer("generic", 4, ".csv", generic.write),
    Writer("generic_page", 4, ".xls", generic.write_page),
)


def writer_named(name: str) -> Writer:
    """Return the writer of a format.

    Raises:
        PlanError: There is none of this name.
    """
    for writer in WRITERS:
        if writer.name == name:
            return writer
    known = ", ".join(writer.name for writer in WRITERS)
    raise PlanError(f"format {name!r} cannot be written; expected one of {known}")
