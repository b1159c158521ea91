"""EDS files of analysed runs: version 1 with results as text, version 2 as JSON.

Wells are counted along the rows from 0. Not reached is the number of cycles in version 1, -1 in
version 2. A lost cycle reads NaN. Members carry the date of the run, so equal plates give equal
bytes.
"""

import json
import zipfile
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from xml.sax.saxutils import escape

from breakpoint_pcr.simulate.plate import (
    PLATES,
    QUENCHER,
    REPORTER,
    SimulatedPlate,
    SimulatedReaction,
    plate_wells,
    well_number,
)
from breakpoint_pcr.simulate.truth import FaultKind
from breakpoint_pcr.simulate.writers.abi7500_v2 import number
from breakpoint_pcr.tables import Role

HEADINGS = (
    *("Well", "Sample Name", "Detector", "Task", "Ct", "Avg Ct", "Ct SD", "Delta Ct"),
    *("Qty", "Avg Qty", "Qty SD"),
)
TASKS = {Role.NTC: "NTC", Role.STANDARD: "STANDARD"}
NOT_REACHED = -1.0
HOUR = 16


def write_version_1(path: Path, plate: SimulatedPlate) -> None:
    """Write the archive of QuantStudio 3, 5 and Flex."""
    manifest = ["Implementation-Version: QuantStudio Software v1.5", "Specification-Version: 1.3.2"]
    members = {
        "apldbio/sds/Manifest.mf": "\n".join(["Manifest-Version: 1.0", *manifest, ""]),
        "apldbio/sds/experiment.xml": "\n".join(_experiment(plate)),
        "apldbio/sds/plate_setup.xml": "\n".join(_setup(plate)),
        "apldbio/sds/analysis_protocol.xml": "\n".join(_protocol(plate)),
        "apldbio/sds/analysis_result.txt": "\r\n".join(["Session Name\t", *_results(plate), ""]),
    }
    _save(path, plate, members)


def write_version_2(path: Path, plate: SimulatedPlate) -> None:
    """Write the archive of QuantStudio 6 and 7 Pro."""
    manifest = ["Implementation-Version: 2.5.6", "Specification-Version: 2.0.0"]
    summary = {
        "blockType": f"BLOCK_{plate.wells}W",
        "instrumentType": "QS7PRO",
        "name": plate.name,
        "runStatus": "COMPLETED",
    }
    members = {
        "Manifest.mf": "\n".join(["Manifest-Version: 1.0", *manifest, ""]),
        "summary.json": json.dumps(summary),
        "run/run_summary.json": json.dumps({"endTime": _milliseconds(plate)}),
        "setup/plate_setup.json": json.dumps(_json_setup(plate)),
        "primary/analysis_result.json": json.dumps(_json_results(plate)),
    }
    _save(path, plate, members)


def _save(path: Path, plate: SimulatedPlate, members: Mapping[str, str]) -> None:
    year, month, day = (int(part) for part in plate.date.split("-"))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            member = zipfile.ZipInfo(name, (year, month, day, HOUR, 0, 0))
            member.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(member, content.encode("utf-8"))


def _milliseconds(plate: SimulatedPlate) -> int:
    end = datetime.fromisoformat(plate.date).replace(hour=HOUR, tzinfo=UTC)
    return int(end.timestamp()) * 1000


def _known(plate: SimulatedPlate) -> Iterator[SimulatedReaction]:
    return (r for r in plate.exported if not r.tube.fault(FaultKind.EMPTY))


def _index(reaction: SimulatedReaction, plate: SimulatedPlate) -> int:
    return well_number(reaction.tube.well, plate.wells) - 1


def _task(reaction: SimulatedReaction) -> str:
    return TASKS.get(reaction.tube.label.role, "UNKNOWN")


def _experiment(plate: SimulatedPlate) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    yield f"<Experiment><Name>{escape(plate.name)}</Name>"
    yield "<RunState>COMPLETE</RunState><ChemistryType>TAQMAN</ChemistryType>"
    yield f"<RunEndTime>{_milliseconds(plate)}</RunEndTime>"
    yield "<InstrumentTypeId>appletini</InstrumentTypeId>"
    yield '<ExperimentProperty type="InstrumentInfo"><PropertyValue key="instrumentType">'
    yield f"<String>QuantStudio 5 - {plate.wells}-Well Block</String></PropertyValue>"
    yield "</ExperimentProperty></Experiment>"


def _protocol(plate: SimulatedPlate) -> Iterator[str]:
    """Yield the settings: thresholds set by hand, baselines as the software chose them."""
    default = {"ObjectName": "AnalysisProtocol.DEFAULT_SETTINGS"}
    yield '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    yield "<JaxbAnalysisProtocol><Name>unnamed</Name>"
    yield _settings("IAlgorithmSelectSettings", {"AlgorithmName": "default", **default})
    automatic = {"AutoBaseline": "true", "BaselineStart": "3", "BaselineStop": "15"}
    yield _settings("IDetectorSettings", {**automatic, "AutoCt": "true", **default})
    threshold = {"AutoCt": "false", "Threshold": number(plate.readout.threshold)}
    for target in dict.fromkeys(r.tube.target for r in _known(plate)):
        own = {"ObjectName": escape(target)}
        yield _settings("IDetectorSettings", {**automatic, **threshold, **own})
    for reaction in _known(plate):
        baseline = {
            "AutoBaseline": "true",
            "WellIndex": str(_index(reaction, plate)),
            "BaselineStart": str(reaction.reading.baseline_start),
            "BaselineStop": str(reaction.reading.baseline_end),
            "ObjectName": escape(reaction.tube.target),
        }
        yield _settings("IWellSettings", {"UseDetectorDefaults": "true", **baseline})
    yield "</JaxbAnalysisProtocol>"


def _settings(kind: str, values: Mapping[str, str]) -> str:
    said = "".join(
        f"<JaxbSettingValue><Name>{name}</Name><JaxbValueItem><StringValue>{value}</StringValue>"
        "</JaxbValueItem></JaxbSettingValue>"
        for name, value in values.items()
    )
    kind = f"com.apldbio.sds.platform.core.analysis.{kind}"
    return f"<JaxbAnalysisSettings><Type>{kind}</Type>{said}</JaxbAnalysisSettings>"


def _setup(plate: SimulatedPlate) -> Iterator[str]:
    rows, columns = PLATES[plate.wells]
    omitted = {r.tube.well for r in plate.exported if r.tube.fault(FaultKind.OMITTED)}
    yield '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    yield f"<Plate><Rows>{rows}</Rows><Columns>{columns}</Columns>"
    yield "<FeatureMap><Feature><Id>sample</Id></Feature>"
    for reaction in _known(plate):
        name = escape(reaction.tube.label.name)
        yield _feature(reaction, plate, f"<Sample><Name>{name}</Name></Sample>")
    yield "</FeatureMap><FeatureMap><Feature><Id>detector-task</Id></Feature>"
    for reaction in _known(plate):
        detector = (
            f"<Detector><Name>{escape(reaction.tube.target)}</Name>"
            f"<Reporter>{REPORTER}</Reporter><Quencher>{QUENCHER}</Quencher></Detector>"
        )
        task = f"<DetectorTask><Task>{_task(reaction)}</Task>{detector}</DetectorTask>"
        yield _feature(reaction, plate, f"<DetectorTaskList>{task}</DetectorTaskList>")
    yield "</FeatureMap><Wells>"
    for index, well in enumerate(plate_wells(plate.wells)):
        omit = "true" if well in omitted else "false"
        yield f"<Well><Index>{index}</Index><IsOmit>{omit}</IsOmit></Well>"
    reference = "ROX" if plate.passive_reference else "NULL"
    yield f"</Wells><PassiveReferenceDye>{reference}</PassiveReferenceDye></Plate>"


def _feature(reaction: SimulatedReaction, plate: SimulatedPlate, item: str) -> str:
    index = f"<Index>{_index(reaction, plate)}</Index>"
    return f"<FeatureValue>{index}<FeatureItem>{item}</FeatureItem></FeatureValue>"


def _results(plate: SimulatedPlate) -> Iterator[str]:
    yield "\t".join(HEADINGS)
    for reaction in _known(plate):
        tube, ct = reaction.tube, reaction.reading.ct
        found = f"{plate.readout.cycles}.0" if ct is None else number(ct)
        task = TASKS.get(tube.label.role, "Target")
        head = [str(_index(reaction, plate)), tube.label.name, tube.target, task, found]
        yield "\t".join(head + [""] * (len(HEADINGS) - len(head)))
        if reaction.points:
            yield "\t".join(["Rn values", *_series(reaction, plate, 1)])
            yield "\t".join(["Delta Rn values", *_series(reaction, plate, 2)])


def _series(reaction: SimulatedReaction, plate: SimulatedPlate, column: int) -> Iterator[str]:
    values = {point[0]: point[column] for point in reaction.points}
    for cycle in range(1, plate.readout.cycles + 1):
        yield number(values[cycle]) if cycle in values else "NaN"


def _json_setup(plate: SimulatedPlate) -> Mapping[str, object]:
    targets = dict.fromkeys(reaction.tube.target for reaction in _known(plate))
    return {
        "blockType": f"BLOCK_{plate.wells}W",
        "passiveReference": "ROX" if plate.passive_reference else "",
        "targets": [{"name": name, "reporter": REPORTER, "quencher": QUENCHER} for name in targets],
        "wells": [
            {
                "index": _index(reaction, plate),
                "sampleName": reaction.tube.label.name,
                "targetAssignments": [
                    {"targetName": reaction.tube.target, "task": _task(reaction)}
                ],
            }
            for reaction in _known(plate)
        ],
    }


def _json_results(plate: SimulatedPlate) -> Mapping[str, object]:
    return {
        "wellResults": [
            {
                "wellIndex": _index(reaction, plate),
                "reactionResults": [_json_reaction(reaction, plate)],
            }
            for reaction in _known(plate)
        ]
    }


def _json_reaction(reaction: SimulatedReaction, plate: SimulatedPlate) -> Mapping[str, object]:
    reading = reaction.reading
    cycles = range(1, plate.readout.cycles + 1)
    rn = {cycle: value for cycle, value, _ in reaction.points}
    delta = {cycle: value for cycle, _, value in reaction.points}
    return {
        "targetName": reaction.tube.target,
        "task": _task(reaction),
        "omitted": reaction.tube.fault(FaultKind.OMITTED) is not None,
        "amplificationResult": {
            "rn": [rn.get(cycle) for cycle in cycles] if rn else [],
            "deltaRn": [delta.get(cycle) for cycle in cycles] if delta else [],
            "cq": NOT_REACHED if reading.ct is None else reading.ct,
            "ctThreshold": plate.readout.threshold,
            "ctBaselineStart": reading.baseline_start,
            "ctBaselineEnd": reading.baseline_end,
        },
    }
