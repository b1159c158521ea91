"""One plain table: a row per reaction with its Ct and ΔRn per cycle; as text, or as a web page."""

import csv
from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path

from breakpoint_pcr.simulate.physics import Reading
from breakpoint_pcr.simulate.plate import REPORTER, SimulatedPlate
from breakpoint_pcr.simulate.truth import FaultKind
from breakpoint_pcr.simulate.writers.abi7500_v2 import number

COLUMNS = ("Well", "Sample", "Target", "Dye", "Task", "Omit", "Ct", "Threshold")
CHINESE = ("孔位", "样本名称", "靶基因", "荧光通道", "Task", "剔除", "Ct值", "Threshold")
# Of the mark for an omitted well: no and yes.
MARKS, CHINESE_MARKS = ("No", "Yes"), ("否", "是")
MISSING = "-"


def write(path: Path, plate: SimulatedPlate) -> None:
    """Write the table; an omitted well keeps Ct and curve and bears a mark, an empty one none."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(_rows(plate, COLUMNS, MARKS))


def write_page(path: Path, plate: SimulatedPlate) -> None:
    """Write it as the web page that software of some Chinese instruments calls an `.xls`."""
    rows = "".join(
        f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in cells)}</tr>\n"
        for cells in _rows(plate, CHINESE, CHINESE_MARKS)
    )
    page = (
        '<html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312"></head>\n'
        f"<body><table><tr><td colspan=2>{escape(plate.name)}</td></tr></table>\n"
        f'<table border="1">\n{rows}</table></body></html>\n'
    )
    path.write_bytes(page.encode("gb2312"))


def _rows(
    plate: SimulatedPlate, columns: Sequence[str], marks: Sequence[str]
) -> Iterator[list[str]]:
    cycles = range(1, plate.readout.cycles + 1)
    yield [*columns, *map(str, cycles)]
    for reaction in plate.exported:
        tube = reaction.tube
        empty = tube.fault(FaultKind.EMPTY)
        points = [] if empty else reaction.points
        curve = {cycle: number(delta) for cycle, _, delta in points}
        name, target = ("", "") if empty else (tube.label.name, tube.target)
        mark = marks[bool(tube.fault(FaultKind.OMITTED))]
        head = [tube.well, name, target, REPORTER, tube.label.role.value, mark]
        ct = "" if empty else _ct(reaction.reading)
        values = [curve.get(cycle, "") for cycle in cycles]
        yield [*head, ct, number(plate.readout.threshold), *values]


def _ct(reading: Reading) -> str:
    return MISSING if reading.ct is None else number(reading.ct)
