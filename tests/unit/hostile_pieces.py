"""What hostile files are made of: good ones, and how to pack and change them."""

import io
import zipfile

from ingest_exports import abi, curve, result, workbook

MB = 1_000_000
SHEET = {
    "Results": [
        ["Block Type", "96-Well Block"],
        [],
        ["Well", "Well Position", "Sample", "Target", "Task", "Cq", "Threshold"],
        [1, "A1", "S1", "F.4/R-7", "UNKNOWN", 22.5, 0.2],
    ],
    "Amplification Data": [
        ["Block Type", "96-Well Block"],
        [],
        ["Well", "Well Position", "Cycle Number", "Target", "Rn", "dRn"],
        *[[1, "A1", cycle, "F.4/R-7", 1.0, 0.0] for cycle in range(1, 41)],
    ],
}
GOOD = workbook(SHEET)
RDML = (
    '<?xml version="1.0"?><rdml version="1.1"><experiment id="e"><run id="r"><pcrFormat><rows>8'
    '</rows><columns>12</columns></pcrFormat><react id="1"><sample id="S"/><data>'
    '<tar id="ALB"/><cq>2.5</cq><adp><cyc>1</cyc><fluor>1</fluor></adp></data></react></run>'
    "</experiment></rdml>"
)
GOOD_ROW = result("A1", "S1", "F.4/R-7", "22.5")
CRAFTED = abi(GOOD_ROW, curves=curve("A1", "F.4/R-7", (0.0,) * 40))
TEXT = CRAFTED.encode()
END = b"</sheetData>"
READ = "read"
NO_READER = "which no reader knows"


def zipped(members, packing=zipfile.ZIP_DEFLATED):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", packing) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return content.getvalue()


def members_of(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return [(name, archive.read(name)) for name in archive.namelist()]


def in_workbook(old, new, member="xl/worksheets/sheet1.xml", extra=()):
    """The good workbook with a change in one member, and members more."""
    out = []
    for name, data in members_of(GOOD):
        if name == member:
            assert old in data
            out.append((name, data.replace(old, new, 1)))
        else:
            out.append((name, data))
    return zipped([*out, *extra])
