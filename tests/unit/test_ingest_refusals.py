"""What cannot be read says so: what was found, and which export to make instead."""

import io
import struct
import zipfile

import pytest
from ingest_exports import HEADER, PLAIN, codes, read_folder, rejection, sentences, workbook


def locked_archive():
    """A zip whose one member has the bit of an encrypted one, as a .pcrd has."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("datafile.pcrd", b"x" * 40)
    data = bytearray(content.getvalue())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = data.index(mark) + offset
        struct.pack_into("<H", data, place, struct.unpack_from("<H", data, place)[0] | 1)
    return bytes(data)


def ole():
    """The smallest compound file: header, a FAT, a directory with a root and a stream of 4 KB."""
    end, free, fat = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
    header = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<5H", 62, 3, 0xFFFE, 9, 6)
    )
    header += bytes(6) + struct.pack("<9I", 0, 1, 1, 0, 4096, end, 0, end, 0)
    header += struct.pack("<109I", 0, *[free] * 108)
    sectors = struct.pack("<128I", fat, end, 3, 4, 5, 6, 7, 8, 9, end, *[free] * 118)
    directory = entry("Root Entry", 5, end, 0) + entry("MxData", 2, 2, 4096) + bytes(256)
    return header + sectors + directory + bytes(4096)


def entry(name, kind, start, size):
    text = name.encode("utf-16-le")
    data = text.ljust(64, b"\0") + struct.pack("<H2B", len(text) + 2, kind, 1) + bytes(48)
    return (data + struct.pack("<2I", start, size)).ljust(128, b"\0")


WELLS = ",Temperature,A1,A2\r\n,65.0,12,13\r\n"
FOUND = [
    ("run.pcrd", locked_archive(), "encrypted archive (member 'datafile.pcrd'), as the .pcrd of"),
    ("run.mxp", ole(), "OLE2 document that is no workbook, as the .mxp of an Agilent Mx is"),
    ("melt.csv", WELLS, "a melt (dissociation or HRM) table; no Ct of a well in it; export the Ct"),
    ("m.csv", ",Well,Fluor,Content,Melt Temperature\r\n,A01,SYBR,Unkn,81\r\n", "a melt (dissoc"),
    ("a.csv", ",Well,Sample,Allele1,Allele2,Call\r\n,A01,S1,5,6,x\r\n", "genotyping (allelic"),
    ("e.csv", ",Well,Fluor,Content,End RFU\r\n,A01,FAM,Unkn,9\r\n", "an end point table"),
    ("g.csv", ",Target,Sample,Mean Cq,Cq SEM\r\n,T,S1,25,0.1\r\n", "means of samples or groups"),
    (
        "s.txt",
        "General:Pos\tGeneral:Sample Name\nA1\tS1\n",
        "the sample table of a LightCycler 480",
    ),
    (
        "r.xlsx",
        workbook({"Replicate Group Result": [["Sample", "Target", "Cq Mean"], ["S", "T", 25]]}),
        "results of replicate groups alone; no Ct of a well in it",
    ),
    (
        "u.txt",
        HEADER.replace("2026-03-01 16:42:10 PM CST", "Not Started") + "[Sample Setup]\nWell\n",
        "a run that was not started or did not finish, and no table of results",
    ),
]


@pytest.mark.parametrize(("name", "content", "message"), FOUND, ids=[row[0] for row in FOUND])
def test_what_was_found_and_what_to_export(tmp_path, name, content, message):
    reason = rejection(tmp_path, {name: content})
    assert reason.startswith(f"{name}: ")
    assert message in reason
    assert "export" in reason.casefold()


@pytest.mark.parametrize(("name", "content"), [row[:2] for row in FOUND], ids=[r[0] for r in FOUND])
def test_beside_a_proper_export_it_is_listed_and_not_used(tmp_path, name, content):
    record, reactions, _ = read_folder(tmp_path, {"good.csv": PLAIN, name: content})
    assert (record.status, len(reactions)) == ("read", 2)
    assert codes(record).count("file_not_used") == 1
    assert sentences(record, "file_not_used")[0].startswith(f"{name}: ")


def test_a_letter_about_a_melt_is_no_melt_table(tmp_path):
    reason = rejection(tmp_path, {"note.txt": "The melt curve of A1 looked odd; run again.\n"})
    assert "text that begins with 'The melt curve" in reason


def test_a_7500_genotyping_export_names_its_columns(tmp_path):
    text = HEADER + "[Results]\nWell,Sample Name,Allele1 Rn,Allele2 Rn,Call\nA1,S1,1,2,x\n"
    reason = rejection(tmp_path, {"g.csv": text})
    assert "'Allele1 Rn'" in reason
    assert "export the amplification results" in reason


def test_an_archive_of_exports_is_to_be_unpacked(tmp_path):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("run 7/results.csv", PLAIN)
        archive.writestr("run 7/note.pdf", "x")
    assert rejection(tmp_path, {"run.zip": content.getvalue()}) == (
        "run.zip: archive that holds 'run 7/results.csv'; unpack it and put the exports into the "
        "folder"
    )


def test_the_first_of_several_sheets_tells_too(tmp_path):
    book = workbook({"Melt": [["Well", "Temperature"], ["A1", 81]], "Notes": [["by hand"]]})
    assert "a melt (dissociation or HRM) table" in rejection(tmp_path, {"m.xlsx": book})
