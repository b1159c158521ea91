"""The tables of a CFX as a workbook and as XML, packed and spelled as CFX Maestro does.

Its workbooks name their members with backslashes and in small letters; a blank cell stands for no
Cq. Its XML has an element per cell, named as the column.
"""

import datetime
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO
from pathlib import Path
from xml.sax.saxutils import escape

import xlsxwriter

from breakpoint_pcr.simulate.plate import REPORTER, SimulatedPlate
from breakpoint_pcr.simulate.writers.cfx import MISSING, curve_rows, result_rows

Rows = Iterable[Sequence[str]]
VERSION = "5.3.022.1030. "
TEXT_COLUMNS = 7  # up to Biological Set Name
SHEET_OF_CQS = "0"
INFORMATION = "Run Information"
EPOCH = (1980, 1, 1, 0, 0, 0)


def write_workbook(path: Path, plate: SimulatedPlate) -> None:
    """Write the Cq workbook, and that of the curves beside it."""
    results = list(result_rows(plate))
    cells = [_typed(row, texts=TEXT_COLUMNS) for row in results[1:]]
    _save_workbook(path, plate, {SHEET_OF_CQS: [results[0], *cells]})
    header, *rows = curve_rows(plate)
    sheet = [header, *(_typed(row, texts=1) for row in rows)]
    curves = f"{plate.name} -  Quantification Amplification Results.xlsx"
    _save_workbook(path.with_name(curves), plate, {REPORTER: sheet})


def _typed(row: Sequence[str], *, texts: int) -> list[str | float]:
    values = [value if value in ("", MISSING) else float(value) for value in row[texts:]]
    return [*row[:texts], *("" if value == MISSING else value for value in values)]


def _save_workbook(
    path: Path, plate: SimulatedPlate, sheets: Mapping[str, Sequence[Sequence[str | float]]]
) -> None:
    content = BytesIO()
    workbook = xlsxwriter.Workbook(content, {"in_memory": True})
    created = datetime.datetime.fromisoformat(f"{plate.date}T16:45:00")
    workbook.set_properties({"created": created, "author": "CFX Maestro"})
    for name, rows in {**sheets, INFORMATION: _information(plate)}.items():
        sheet = workbook.add_worksheet(name)
        for index, row in enumerate(rows):
            for column, cell in enumerate(row):
                if isinstance(cell, str):
                    sheet.write_string(index, column, cell)
                else:
                    sheet.write_number(index, column, cell)
    workbook.close()
    with zipfile.ZipFile(content) as plain, zipfile.ZipFile(path, "w") as packed:
        for member in plain.infolist():
            name = member.filename.lower().replace("/", "\\")
            info = zipfile.ZipInfo(name, EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            packed.writestr(info, plain.read(member))


def write_xml(path: Path, plate: SimulatedPlate) -> None:
    """Write the Cq table, the curves and the run information as XML."""
    _save_xml(path, "_x0030_", _elements(result_rows(plate)))
    start = f"{plate.name} - "
    curves = f"{start} Quantification Amplification Results_{REPORTER}.xml"
    _save_xml(path.with_name(curves), REPORTER, _elements(curve_rows(plate)))
    said = [[("Column1", key), ("Column2", value)] for key, value in _information(plate)]
    _save_xml(path.with_name(f"{start}{INFORMATION}.xml"), "Run_x0020_Information", said)


def _elements(rows: Rows) -> list[list[tuple[str, str]]]:
    """Return the cells of each row with their elements; the first column has no heading."""
    header, *body = rows
    names = [
        name.replace(" ", "_").replace("(", "_x0028_").replace(")", "_x0029_") for name in header
    ]
    return [list(zip(names, row, strict=True))[1:] for row in body]


def _save_xml(path: Path, root: str, rows: Iterable[Sequence[tuple[str, str]]]) -> None:
    lines = [f"<{root}>"]
    for row in rows:
        cells = (f"    <{n}>{escape(v)}</{n}>" if v else f"    <{n} />" for n, v in row)
        lines += ["  <Row>", *cells, "  </Row>"]
    path.write_text("\n".join([*lines, f"</{root}>"]), encoding="utf-8", newline="\r\n")


def _information(plate: SimulatedPlate) -> list[tuple[str, str]]:
    """Return what a CFX says of a run; it starts at noon, month first."""
    day = datetime.date.fromisoformat(plate.date)
    return [
        ("File Name", f"{plate.name}.pcrd"),
        ("Created By User", "admin"),
        ("Notes", ""),
        ("ID", ""),
        ("Run Started", f"{day:%m/%d/%Y} 12:00:00 UTC"),
        ("Run Ended", f"{day:%m/%d/%Y} 13:40:00 UTC"),
        ("Sample Vol", "20"),
        ("Lid Temp", "105"),
        ("Protocol File Name", "breakpoints.prcl"),
        ("Plate Setup File Name", "breakpoints.pltd"),
        ("Base Serial Number", "simulated"),
        ("Optical Head Serial Number", "simulated"),
        ("CFX Maestro Version", VERSION),
    ]
