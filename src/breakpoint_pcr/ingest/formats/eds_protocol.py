"""The analysis settings of an EDS file of version 1: algorithm, thresholds and baselines.

They stand in analysis_protocol.xml, a block of names and values per target and per well. Analysing
a run writes into it the threshold that the software chose for a target, and the baseline of each
well. What stands there before that is the default.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from breakpoint_pcr.ingest.export import CYCLES_MAX
from breakpoint_pcr.ingest.formats.eds_archive import Archive, well_at, whole_of
from breakpoint_pcr.ingest.numerals import Comma, number_of

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

PROTOCOL = "apldbio/sds/analysis_protocol.xml"
CYCLING = "apldbio/sds/tcprotocol.xml"
DETECTOR, WELL, ALGORITHM = "IDetectorSettings", "IWellSettings", "IAlgorithmSelectSettings"
# The name that every file seen has for the usual Ct, by baseline and threshold.
USUAL_ALGORITHM = "default"
Baseline = tuple[int, int]
Values = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Protocol:
    """Settings by target, or by well and target.

    `thresholds` were set by hand, `chosen` are those of the software. A baseline is its first and
    last cycle.
    """

    usual_algorithm: bool = True
    thresholds: Mapping[str, float] = field(default_factory=dict[str, float])
    chosen: Mapping[str, float] = field(default_factory=dict[str, float])
    baselines: Mapping[tuple[str, str], Baseline] = field(
        default_factory=dict[tuple[str, str], Baseline]
    )
    target_baselines: Mapping[str, Baseline] = field(default_factory=dict[str, Baseline])

    def baseline(self, well: str, target: str) -> Baseline | None:
        """Return the baseline of a reaction; None where the file does not tell it."""
        return self.baselines.get((well, target), self.target_baselines.get(target))


def protocol_of(archive: Archive, plate_wells: int) -> Protocol:
    """Return the settings; the defaults where the archive lacks them.

    Raises:
        ExportError: The settings are damaged.
    """
    root = archive.xml_of(PROTOCOL)
    if root is None:
        return Protocol()
    try:
        blocks = list(_blocks(root))
        detectors = {_object(values): values for kind, values in blocks if kind == DETECTOR}
        thresholds = {name: _threshold(values) for name, values in detectors.items()}
        return Protocol(
            usual_algorithm=all(
                values.get("AlgorithmName", USUAL_ALGORITHM).casefold() == USUAL_ALGORITHM
                for kind, values in blocks
                if kind == ALGORITHM
            ),
            thresholds={n: t for n, t in thresholds.items() if t and _by_hand(detectors[n], "Ct")},
            chosen={n: t for n, t in thresholds.items() if t and not _by_hand(detectors[n], "Ct")},
            baselines={
                (_well(values, plate_wells), _object(values)): baseline
                for kind, values in blocks
                if kind == WELL and (baseline := _well_baseline(values))
            },
            target_baselines={
                name: baseline
                for name, values in detectors.items()
                if _by_hand(values, "Baseline") and (baseline := _baseline(values))
            },
        )
    except ValueError:
        raise archive.damaged(PROTOCOL) from None


def cycles_set(archive: Archive) -> int | None:
    """Return the cycles that the instrument was set to run; None where the archive lacks them.

    Raises:
        ExportError: The settings are damaged.
    """
    root = archive.xml_of(CYCLING)
    stages = () if root is None else root.iterfind("TCStage")
    cycling = [stage for stage in stages if stage.findtext("StageFlag", "") == "CYCLING"]
    try:
        return max((whole_of(s.findtext("NumOfRepetitions", "1")) for s in cycling), default=None)
    except ValueError:
        raise archive.damaged(CYCLING) from None


def _blocks(root: "Element") -> Iterator[tuple[str, Values]]:
    """Yield kind, names and values of each block; the kind without the package before it."""
    for block in root.iterfind("JaxbAnalysisSettings"):
        kind = block.findtext("Type", "").strip().rpartition(".")[2]
        if kind in (DETECTOR, WELL, ALGORITHM):
            yield kind, dict(_values(block))


def _values(block: "Element") -> Iterator[tuple[str, str]]:
    for setting in block.iterfind("JaxbSettingValue"):
        item = setting.find("JaxbValueItem")
        if item is not None:
            yield setting.findtext("Name", "").strip(), "".join(item.itertext()).strip()


def _object(values: Values) -> str:
    return values.get("ObjectName", "")


def _well(values: Values, plate_wells: int) -> str:
    """Return the well; empty for one of a larger plate, which stays when the block is changed."""
    index = whole_of(values["WellIndex"])
    return well_at(index, plate_wells) if 0 <= index < plate_wells else ""


def _by_hand(values: Values, what: str) -> bool:
    return values.get(f"Auto{what}", "").casefold() == "false"


def _threshold(values: Values) -> float | None:
    threshold = number_of(values.get("Threshold", ""), Comma.ABSENT)
    return threshold if threshold is not None and threshold > 0 else None


def _well_baseline(values: Values) -> Baseline | None:
    """Return the baseline of a well: as the software chose it, or as set for this well alone."""
    own = values.get("UseDetectorDefaults", "").casefold() == "false"
    chosen = values.get("AutoBaseline", "").casefold() == "true"
    return _baseline(values) if "WellIndex" in values and (own or chosen) else None


def _baseline(values: Values) -> Baseline | None:
    start, end = (whole_of(values.get(f"Baseline{name}", "0")) for name in ("Start", "Stop"))
    return (start, end) if 0 < start <= end <= CYCLES_MAX else None
