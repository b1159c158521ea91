"""xls: a small one written here by its specification, and hostile ones ([MS-CFB], [MS-XLS])."""

import struct

import pytest
from ingest_exports import read_export, rejection

from breakpoint_pcr.tables import State

END, FAT, FREE = 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFF
BOF, EOF, BOUND_SHEET, DIMENSIONS = 0x809, 0x0A, 0x85, 0x200
NUMBER, LABEL, FILE_PASS = 0x203, 0x204, 0x2F


def compound(stream, name="Workbook", fat=None):
    """An OLE2 file: sector 0 the FAT, sector 1 the directory, then one stream."""
    stream = stream.ljust(4096, b"\0")
    sectors = -(-len(stream) // 512)
    chain = [*range(3, 2 + sectors), END]
    table = {0: FAT, 1: END} | dict(enumerate(chain, 2)) | (fat or {})
    entry = name.encode("utf-16-le").ljust(64, b"\0")
    entry += struct.pack("<HBB", 2 * len(name) + 2, 2, 1) + struct.pack("<3I", FREE, FREE, FREE)
    entry = entry.ljust(116, b"\0") + struct.pack("<2I", 2, len(stream)) + bytes(4)
    root = "Root Entry".encode("utf-16-le").ljust(64, b"\0") + struct.pack("<HBB", 22, 5, 1)
    root += struct.pack("<3I", FREE, FREE, 1)
    root = root.ljust(116, b"\0") + struct.pack("<2I", END, 0) + bytes(4)
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    head += struct.pack("<5H", 0x3E, 3, 0xFFFE, 9, 6) + bytes(10)
    head += struct.pack("<3I", 1, 1, 0) + struct.pack("<5I", 4096, END, 0, END, 0)
    head += struct.pack("<109I", 0, *[FREE] * 108)
    body = struct.pack("<128I", *(table.get(n, FREE) for n in range(128)))
    body += (root + entry).ljust(512, b"\0") + stream.ljust(512 * sectors, b"\0")
    return head + body


def record(kind, data=b""):
    return struct.pack("<2H", kind, len(data)) + data


def cell(row, column, value):
    place = struct.pack("<3H", row, column, 0)
    if isinstance(value, float):
        return record(NUMBER, place + struct.pack("<d", value))
    return record(LABEL, place + struct.pack("<HB", len(value), 0) + value.encode("latin-1"))


def biff(*cells, before=b"", size=(9, 12), beyond=0):
    bof = struct.pack("<2H", 0x600, 5) + bytes(12)
    name = b"Results"
    top = record(BOF, bof) + before
    offset = len(top) + 4 + 8 + len(name) + 4
    top += record(BOUND_SHEET, struct.pack("<I4B", offset + beyond, 0, 0, len(name), 0) + name)
    sheet = record(BOF, struct.pack("<2H", 0x600, 0x10) + bytes(12))
    sheet += record(DIMENSIONS, struct.pack("<2I3H", 0, size[0], 0, size[1], 0))
    return top + record(EOF) + sheet + b"".join(cells) + record(EOF)


ROWS = [
    ["Block Type", "96-Well Block"],
    [],
    ["Well", "Well Position", "Sample Name", "Target Name", "Task", "CT", "Ct Threshold"],
    [1.0, "A1", "S1", "ALB", "NTC", 27.5, 0.2],
    [2.0, "A2", "S1", "ALB", "UNKNOWN", "Undetermined", 0.2],
]
CELLS = [
    cell(row, column, value)
    for row, values in enumerate(ROWS)
    for column, value in enumerate(values)
]


def test_a_small_xls(tmp_path):
    export = read_export(tmp_path, compound(biff(*CELLS)), name="a.txt")
    assert export.format == "quantstudio_workbook"
    assert [(r.well, r.task, r.ct, r.state, r.threshold) for r in export.records] == [
        ("A1", "NTC", 27.5, State.OK, 0.2),
        ("A2", "UNKNOWN", None, State.UNDETERMINED, 0.2),
    ]


@pytest.mark.parametrize(
    ("stream", "where"),
    [
        (biff(*CELLS, cell(65535, 65535, 1.0)), "row 65536, column 65536"),
        (biff(*CELLS, size=(0xFFFFFFF0, 12)), "row 4294967280, column 12"),
        (biff(*CELLS, size=(9, 60000)), "row 9, column 60000"),
        (biff(*CELLS, record(0xBD, struct.pack("<4H", 5, 0, 0, 700))), "row 9, column 701"),
    ],
)
def test_a_stray_cell_is_refused_before_the_library_sees_it(tmp_path, stream, where):
    assert rejection(tmp_path, {"a.xls": compound(stream)}) == (
        f"a.xls: a sheet reaches {where}; at most 200000 rows, 500 columns and 2000000 cells "
        "expected; delete stray cells"
    )


@pytest.mark.parametrize(
    "content",
    [
        compound(biff(*CELLS), fat={3: 2}),
        compound(biff(*CELLS), fat={1: 1}),
        compound(biff(*CELLS), fat={5: 4_000_000}),
        compound(biff(*CELLS))[:3000],
        compound(biff(*CELLS))[:600],
        compound(biff(*CELLS))[:40],
    ],
    ids=["circle", "circle in the directory", "outside", "cut", "no directory", "no header"],
)
def test_chains_must_end(tmp_path, content):
    """The library follows a circle for ever, and takes memory while it does."""
    assert rejection(tmp_path, {"a.xls": content}) == (
        "a.xls: cut off or damaged xls or OLE2 file; copy or export it again"
    )


def test_passwords(tmp_path):
    old = compound(biff(*CELLS, before=record(FILE_PASS, bytes(6))))
    reason = "workbook with a password; save it without one"
    assert rejection(tmp_path, {"a.xls": old}) == f"a.xls: {reason}"
    (tmp_path / "run-1" / "a.xls").unlink()
    (tmp_path / "run-1").rmdir()
    new = compound(b"", name="EncryptedPackage")
    assert rejection(tmp_path, {"a.xlsx": new}) == f"a.xlsx: {reason}"


def test_other_ole2_files_are_no_workbooks(tmp_path):
    assert rejection(tmp_path, {"a.mxp": compound(b"", name="Contents")}).startswith(
        "a.mxp: OLE2 document that is no workbook, as the .mxp of an Agilent Mx is; "
    )


def test_a_panic_of_the_library_leaves_no_trace(tmp_path, capfd):
    """The offset of the sheet points behind the end of the stream."""
    stream = biff(*CELLS, beyond=1_000_000)
    assert "damaged workbook" in rejection(tmp_path, {"a.xls": compound(stream)})
    assert capfd.readouterr() == ("", "")
