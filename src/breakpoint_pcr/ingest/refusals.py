"""Files of instruments that hold no Ct of a well: what they are, and which export to make instead.

Asked only for files that no reader takes. Beside a proper export they are listed and not used.
"""

import re
from io import BytesIO
from zipfile import BadZipFile, ZipFile

from breakpoint_pcr.ingest.cells import Line, listed, text_of
from breakpoint_pcr.ingest.files.archive import ENCRYPTED
from breakpoint_pcr.ingest.files.html_tables import is_page
from breakpoint_pcr.ingest.files.source import OLE_MAGIC, ZIP_MAGICS, Content, Source
from breakpoint_pcr.ingest.files.text import decode
from breakpoint_pcr.ingest.formats.sections import folded

HEAD_LETTERS = 20_000
HEAD_ROWS = 60
SPREADSHEET_XML = b"urn:schemas-microsoft-com:office:spreadsheet"
CFX_INSTEAD = (
    "in CFX Manager or Maestro choose Export, All Data Sheets (csv), and add the files "
    "Quantification Cq Results and Quantification Amplification Results"
)
# Of files that Design & Analysis and others pack into one archive.
EXPORT_SUFFIXES = (".csv", ".txt", ".tsv", ".xls", ".xlsx", ".eds", ".rdml")
MX_INSTEAD = "in MxPro export the text report and the instrument data"
AMPLIFICATION_INSTEAD = "export the Ct (Cq, Cp) of every well and the amplification curves"
# Whole cells, in small letters, that only such tables have, and what that means; the first that
# fits counts.
SAYINGS = (
    (
        re.compile(r"\[?replicate group results?\]?"),
        "results of replicate groups alone",
        AMPLIFICATION_INSTEAD,
    ),
    (
        re.compile(r"allele ?[12xy](?: .{1,30})?|allelic discrimination.{0,30}|genotype|基因分型"),
        "genotyping (allelic discrimination) results",
        AMPLIFICATION_INSTEAD,
    ),
    (
        re.compile(
            r"\[?melt(?:ing)? (?:curve|region|data|peak|temperature|analysis).{0,60}\]?"
            r"|(?:quantitative |hrm |high resolution melt )analysis of (?:hrm|melt).{0,60}"
            r"|-d\((?:rfu|rn|f)\)/dt|temperature|derivative|(?:hrm|melt) [a-z][.].{1,30}"
            r"|[熔溶]解(?:曲线|温度|峰).{0,20}"
        ),
        "a melt (dissociation or HRM) table",
        AMPLIFICATION_INSTEAD,
    ),
    (re.compile(r"end rfu"), "an end point table", CFX_INSTEAD),
    (
        re.compile(r"mean (?:cq|ct)|(?:cq|ct|c\(t\)) mean"),
        "means of samples or groups",
        AMPLIFICATION_INSTEAD,
    ),
    (
        re.compile(r"general:pos"),
        "the sample table of a LightCycler 480",
        "export the result table of the Abs Quant analysis, and the raw data",
    ),
    (
        re.compile(r"(?:.{1,60}= ?)?(?:run )?not (?:started|finished)"),
        "a run that was not started or did not finish",
        "finish or repeat the run, analyse it and export it",
    ),
)


def refusal_of(source: Source) -> str:
    """Return one sentence on a known file without results; empty for any other file."""
    if source.content.startswith(ZIP_MAGICS) and not source.book:
        return _archived(source)
    if source.content.startswith(OLE_MAGIC) and not source.book:
        return (
            "OLE2 document that is no workbook, as the .mxp of an Agilent Mx is; it cannot be "
            f"read; {MX_INSTEAD}"
        )
    if source.kind is Content.TEXT and (page := _marked_up(source)):
        return page
    cells = _cells(source)
    for saying, found, instead in SAYINGS:
        if any(map(saying.fullmatch, cells)):
            return f"{found}; no Ct of a well in it; {instead}"
    return ""


def _marked_up(source: Source) -> str:
    """Return what is wrong with a spreadsheet that is XML or a web page; empty for others."""
    if SPREADSHEET_XML in source.content[:HEAD_LETTERS]:
        return "spreadsheet saved as XML; it cannot be read; save it as xlsx or csv"
    if is_page(source):
        return (
            "web page without a table of wells and Cts that is known; name its columns in "
            "ingest.generic, or save it as xlsx"
        )
    return ""


def _archived(source: Source) -> str:
    try:
        with ZipFile(BytesIO(source.content)) as archive:
            members = archive.infolist()
    except (BadZipFile, ValueError, OverflowError, NotImplementedError):
        return ""
    locked = [m.filename for m in members if m.flag_bits & ENCRYPTED]
    if not locked:
        packed = [m.filename for m in members if m.filename.casefold().endswith(EXPORT_SUFFIXES)]
        if not packed:
            return ""
        return f"archive that holds {listed(packed)}; unpack it and put the exports into the folder"
    return (
        f"encrypted archive (member {listed(locked[:1])}), as the .pcrd of a Bio-Rad CFX is; it "
        f"cannot be read; {CFX_INSTEAD}"
    )


def _cells(source: Source) -> list[str]:
    """Return the cells of the beginning, as a person reads them, in small letters."""
    if source.book:
        return [*map(folded, source.book.sheets), *map(folded, _first_cells(source))]
    if source.kind is not Content.TEXT:
        return []
    head = decode(source).content[:HEAD_LETTERS]
    return [folded(cell.strip(' "*')) for cell in re.split(r"[\t\n,;]", head)]


def _first_cells(source: Source) -> list[str]:
    assert source.book  # noqa: S101
    lines: list[Line] = []
    for sheet in source.book.sheets:
        lines += source.book.lines(sheet)[:HEAD_ROWS]
    return [text_of(cell) for _, cells in lines for cell in cells]
