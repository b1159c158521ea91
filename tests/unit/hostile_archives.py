"""Zip archives and OLE2 files that lie about themselves, and what must come of each."""

import io
import struct
import warnings
import zipfile
import zlib

from hostile_pieces import GOOD, MB, NO_READER, RDML, READ, zipped

DAMAGED = "damaged zip archive"
TOO_LONG = "archive of .* members, at most 5000|list of members of"
LOCAL, CENTRAL, END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
LARGEST = 0xFFFFFFFF
XLS_DAMAGED = "cut off or damaged xls"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
FREE, STOP, FAT_SECTOR = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def entry(name, size, packed, *, offset=0, extra=b"", checksum=0, method=8, comment=b""):
    """An entry of a central directory."""
    head = struct.pack(
        "<4s4B4HL2L5H2L",
        *(CENTRAL, 20, 3, 20, 0, 0, method, 0, 33, checksum, packed, size),
        *(len(name), len(extra), len(comment), 0, 0, 0, offset),
    )
    return head + name + extra + comment


def ended(body, directory, count, *, size=None, offset=None):
    """The body with a central directory behind it and a record of its end."""
    size = len(directory) if size is None else size
    offset = len(body) if offset is None else offset
    count = min(count, 0xFFFF)
    return body + directory + struct.pack("<4s4H2LH", END, 0, 0, count, count, size, offset, 0)


def deflated(data):
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush()


def stored_entry(name, data, *, size=None):
    """A local header and its data, deflated; and what the directory says of it."""
    packed = deflated(data)
    local = struct.pack(
        "<4s5H3L2H", LOCAL, 20, 0, 8, 0, 33, zlib.crc32(data), len(packed), len(data), len(name), 0
    )
    return local + name + packed, len(packed), zlib.crc32(data)


def overlapping(count, megabytes, name=b"%d.xml"):
    """Members that all begin at the same packed zeros, each under a name of its own."""
    data = bytes(megabytes * MB)
    body, packed, checksum = stored_entry(name % 0, data)
    entries = (entry(name % n, len(data), packed, checksum=checksum) for n in range(count))
    return ended(body, b"".join(entries), count)


def directory_of(count, *, extra=b"", comment=b""):
    """An archive that is nearly all directory."""
    body, packed, checksum = stored_entry(b"a.xml", RDML.encode())
    one = entry(b"a.xml", len(RDML), packed, extra=extra, checksum=checksum, comment=comment)
    return ended(body, one * count, count)


def sixty_four(size, packed=None, *, whole=True):
    """A member whose sizes stand in a zip64 field, or are promised there and do not."""
    body, found, checksum = stored_entry(b"rdml_data.xml", RDML.encode())
    values = struct.pack("<2Q", size, found if packed is None else packed)
    extra = struct.pack("<2H", 1, len(values)) + values if whole else b""
    directory = entry(b"rdml_data.xml", LARGEST, LARGEST, extra=extra, checksum=checksum)
    return ended(body, directory, 1)


def end_of_sixty_four(count, size, offset):
    """A zip64 record of the end that contradicts the plain one."""
    content = zipped([("rdml_data.xml", RDML)])
    place = content.rindex(END)
    record = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, count, count, size, offset)
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, place, 1)
    return content[:place] + record + locator + content[place:]


def nested(levels):
    content = zipped([("rdml_data.xml", RDML)])
    for level in range(levels):
        content = zipped([(f"{level}.rdml", content)])
    return content


def cut_member(name, keep):
    """The good workbook with one member that ends early, though the archive is whole."""
    content = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(GOOD)) as old, zipfile.ZipFile(content, "w") as new:
        for info in old.infolist():
            new.writestr(info.filename, old.read(info)[: keep if info.filename == name else None])
    return content.getvalue()


def two_heads():
    """A member whose local header has another name than the directory gives it."""
    content = zipped([("rdml_data.xml", RDML)], zipfile.ZIP_STORED)
    return content.replace(b"rdml_data.xml", b"other_one.xml", 1)


def with_names(*names):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return zipped([(name, RDML) for name in names])


# OLE2: header, FAT in sector 0, directory in sector 1, then the stream.


def ole(fat, *, stream=b"", name="Workbook", size=None, directory=1, fat_sectors=(0,), more=STOP):
    """An OLE2 file of 512-byte sectors with this FAT and one stream from sector 2 on."""
    numbers = [*fat_sectors, *[FREE] * (109 - len(fat_sectors))]
    count = 0 if more == STOP else 2**31
    head = OLE + bytes(16) + struct.pack("<5H", 0x3E, 3, 0xFFFE, 9, 6) + bytes(14)
    head += struct.pack("<4I", directory, 0, 4096, STOP) + struct.pack("<3I", 0, more, count)
    head += struct.pack("<109I", *numbers)
    table = struct.pack("<128I", *[*fat, *[FREE] * (128 - len(fat))])
    size = max(len(stream), 4096) if size is None else size
    entries = _ole_entry("Root Entry", 5, STOP, 0, child=1) + _ole_entry(name, 2, 2, size)
    return head + table + entries.ljust(512, b"\0") + stream.ljust(4096, b"\0")


def _ole_entry(name, kind, start, size, *, child=FREE):
    letters = name.encode("utf-16-le") + b"\0\0"
    place = struct.pack("<H2B3I", len(letters), kind, 1, FREE, FREE, child)
    return letters.ljust(64, b"\0") + place + bytes(36) + struct.pack("<IQ", start, size)


CHAIN = (FAT_SECTOR, STOP, 3, 4, 5, 6, 7, 8, 9, STOP)


def record(kind, data=b""):
    return struct.pack("<2H", kind, len(data)) + data


def biff(*records, sheets=1):
    """A workbook stream with sheets that hold these records."""
    start = record(0x809, struct.pack("<8H", 0x600, 5, 0, 0, 0, 0, 0, 0))
    inner = record(0x809, struct.pack("<8H", 0x600, 0x10, 0, 0, 0, 0, 0, 0))
    sheet = inner + b"".join(records) + record(0x0A)
    bound = len(start) + 15 * sheets + 4
    names = b"".join(
        record(0x85, struct.pack("<I2B2B3s", bound, 0, 0, 3, 0, b"%3d" % (n % 1000)))
        for n in range(sheets)
    )
    return start + names + record(0x0A) + sheet


def xls(*records, sheets=1, globals_=b""):
    stream = biff(*records, sheets=sheets)
    if globals_:
        head = stream[:20]
        shifted = bytearray(stream[20:])
        struct.pack_into("<I", shifted, 4, struct.unpack_from("<I", shifted, 4)[0] + len(globals_))
        stream = head + globals_ + bytes(shifted)
    return of_stream(stream)


def of_stream(stream):
    """An OLE2 file that holds a stream of any length; the FAT grows with it."""
    sectors = max(8, -(-len(stream) // 512))
    fats = 1
    while fats * 128 < sectors + fats + 1:
        fats += 1
    first = fats + 1
    fat = [FAT_SECTOR] * fats + [STOP] + [*range(first + 1, first + sectors), STOP]
    fat += [FREE] * (fats * 128 - len(fat))
    head = OLE + bytes(16) + struct.pack("<5H", 0x3E, 3, 0xFFFE, 9, 6) + bytes(14)
    head += struct.pack("<4I", fats, 0, 4096, STOP) + struct.pack("<3I", 0, STOP, 0)
    assert fats <= 109
    head += struct.pack("<109I", *range(fats), *[FREE] * (109 - fats))
    entries = _ole_entry("Root Entry", 5, STOP, 0, child=1)
    entries += _ole_entry("Workbook", 2, first, max(len(stream), 4096))
    table = struct.pack(f"<{len(fat)}I", *fat)
    return head + table + entries.ljust(512, b"\0") + stream.ljust(sectors * 512, b"\0")


def label(row, column, text):
    return record(0x204, struct.pack("<4HB", row, column, 0, len(text), 0) + text)


def shared(count, unique, text=b"S"):
    """A table of shared strings that claims a count."""
    return record(0xFC, struct.pack("<2I", count, unique) + struct.pack("<HB", len(text), 0) + text)


CASES = {
    # Sizes of 64 bits.
    "zip64, true": (lambda: sixty_four(len(RDML)), READ),
    "zip64 of 8 exabytes": (lambda: sixty_four(2**63), "unpacks|damaged"),
    "zip64 of nothing": (lambda: sixty_four(0), "damaged|which no reader knows"),
    "zip64 packed in 8 exabytes": (lambda: sixty_four(len(RDML), 2**63), READ),
    "zip64 promised": (lambda: sixty_four(1, whole=False), "damaged|unpacks"),
    "zip64 end of 2**60 members": (lambda: end_of_sixty_four(2**60, 100, 100), DAMAGED),
    "zip64 end of 2**60 bytes": (lambda: end_of_sixty_four(1, 2**60, 0), TOO_LONG),
    "zip64 directory at 2**62": (lambda: end_of_sixty_four(1, 60, 2**62), DAMAGED),
    # Directories.
    "200,000 members": (lambda: directory_of(200_000), TOO_LONG),
    "a directory of extra fields": (lambda: directory_of(100, extra=bytes(65_000)), TOO_LONG),
    "a directory of small extra fields": (
        lambda: directory_of(100, extra=b"\x99\x99\0\0" * 16_000),
        TOO_LONG,
    ),
    "a directory of comments": (lambda: directory_of(100, comment=b"x" * 65_000), TOO_LONG),
    "directory before the file": (
        lambda: ended(b"", entry(b"a.xml", 9, 9), 1, offset=LARGEST - 1),
        f"{DAMAGED}|{NO_READER}",
    ),
    "a directory that says 0 members": (
        lambda: ended(zipped([("a.xml", RDML)]), b"", 0, size=0),
        NO_READER,
    ),
    "a comment of the archive of 64 KB": (
        lambda: zipped([("a.xml", RDML)])[:-2] + b"\xff\xff" + b"x" * 65_535,
        "read",
    ),
    # Members that share their bytes.
    "9 members on one": (lambda: overlapping(9, 10), "damaged|unpacks|no reader"),
    "4,000 members on one": (lambda: overlapping(4_000, 1), NO_READER),
    "ten archives in each other": (lambda: nested(10), "archive that holds"),
    "two names of a member": (two_heads, NO_READER),
    "a member that is a folder": (lambda: with_names("rdml_data.xml/"), NO_READER),
    "a member of a control name": (lambda: with_names("a\n\x1b[2Jb.xml"), READ),
    "a member that names itself right to left": (lambda: with_names("a\u202elmx.xml"), READ),
    "a member below the folder": (lambda: with_names("a/../../b.xml"), "leads out"),
    "a member on a drive": (lambda: with_names("C:\\b.xml"), READ),
    "a member of a share": (lambda: with_names("\\\\host\\b.xml"), "leads out"),
    "an EDS that leads out": (
        lambda: with_names("apldbio/sds/plate_setup.xml", "apldbio/../../x"),
        "leads out",
    ),
    "a sheet cut off": (lambda: cut_member("xl/worksheets/sheet1.xml", 900), "damaged|missing|no "),
    "strings cut off": (lambda: cut_member("xl/sharedStrings.xml", 300), "damaged"),
    "styles cut off": (lambda: cut_member("xl/styles.xml", 300), "damaged|read"),
    "the list of sheets cut off": (lambda: cut_member("xl/workbook.xml", 300), "damaged|no reader"),
    "no relations": (lambda: cut_member("xl/_rels/workbook.xml.rels", 0), "damaged|no reader"),
    # OLE2.
    "OLE2 of a chain in a circle": (lambda: ole((FAT_SECTOR, STOP, 3, 4, 2)), XLS_DAMAGED),
    "OLE2 of a chain on itself": (lambda: ole((FAT_SECTOR, STOP, 2)), XLS_DAMAGED),
    "OLE2 of a chain beyond the end": (lambda: ole((FAT_SECTOR, STOP, 90_000)), XLS_DAMAGED),
    "OLE2 whose directory runs in a circle": (lambda: ole((FAT_SECTOR, 1, STOP)), XLS_DAMAGED),
    "OLE2 whose FAT is itself a chain": (lambda: ole(CHAIN, more=0), XLS_DAMAGED),
    "OLE2 of 109 FATs in one sector": (lambda: ole(CHAIN, fat_sectors=(0,) * 109), NO_READER),
    "OLE2 of a stream of 4 GB": (lambda: ole(CHAIN, size=LARGEST), "damaged|no"),
    "OLE2 without streams": (lambda: ole(CHAIN, name="Nothing"), "OLE2 document"),
    "an empty xls": (lambda: of_stream(biff()), NO_READER),
    "an xls of one label": (lambda: of_stream(biff(label(0, 0, b"Well"))), NO_READER),
    "an xls cell at IV65536": (
        lambda: of_stream(biff(label(65_535, 255, b"x"))),
        "reaches row|most",
    ),
    "an xls cell at 65536 x 65536": (
        lambda: of_stream(biff(label(65_535, 65_535, b"x"))),
        "reaches row 65536, column 65536",
    ),
    "an xls of 65,536 dimensions": (
        lambda: of_stream(biff(record(0x200, struct.pack("<2I3H", 0, 2**31, 0, 65_535, 0)))),
        "reaches row",
    ),
    "an xls of blanks that end before they begin": (
        lambda: of_stream(biff(record(0xBE, struct.pack("<4H", 0, 65_535, 0, 0)))),
        "reaches row|damaged|no reader",
    ),
    "an xls of merged cells": (
        lambda: of_stream(
            biff(
                record(
                    0xE5,
                    struct.pack("<H", 1_000) + struct.pack("<4H", 0, 65_535, 0, 65_535) * 1_000,
                )
            )
        ),
        NO_READER,
    ),
    "an xls of 4,000 million strings": (
        lambda: xls(globals_=shared(LARGEST, LARGEST)),
        "damaged|no reader",
    ),
    "an xls of 2,000 million strings": (
        lambda: xls(globals_=shared(2**31 - 1, 2**31 - 1)),
        "damaged|no reader",
    ),
    "an xls of sheets on one": (lambda: of_stream(biff(sheets=2)), "two sheets on one place"),
    "an xls of 300 sheets on one": (lambda: of_stream(biff(sheets=300)), "300 sheets, at most"),
    "an xls of 200 sheets on one of 60,000 cells": (
        lambda: of_stream(
            biff(*(label(n // 10, n % 10, b"x" * 9) for n in range(60_000)), sheets=200)
        ),
        "two sheets on one place",
    ),
    "an xls of an error": (
        lambda: of_stream(biff(record(0x205, struct.pack("<3H2B", 0, 0, 0, 7, 1)))),
        "a cell with an error",
    ),
    "an xls of a formula's error": (
        lambda: of_stream(
            biff(record(0x06, struct.pack("<3H6BH", 0, 0, 0, 2, 0, 7, 0, 0, 0, 0xFFFF) + bytes(8)))
        ),
        "a cell with an error",
    ),
    "an xls of true and of a formula": (
        lambda: of_stream(
            biff(
                record(0x205, struct.pack("<3H2B", 0, 0, 0, 1, 0)),
                record(0x06, struct.pack("<3Hd", 0, 1, 0, 22.5) + bytes(8)),
            )
        ),
        NO_READER,
    ),
    "an xls record beyond the end": (
        lambda: of_stream(biff()[:-4] + struct.pack("<2H", 0x204, 65_535)),
        "damaged|no reader",
    ),
    "an xls of half a label": (
        lambda: of_stream(biff(record(0x204, struct.pack("<4HB", 0, 0, 0, 65_535, 1)))),
        "damaged|no reader",
    ),
}
