"""Files that no instrument writes, made when asked for, and what must come of each.

The expected outcome is `read`, or a pattern that the one line of the rejection must fit.
"""

import io
import random
import struct
import warnings
import zipfile

import hostile_archives
import hostile_documents
import hostile_folders
import hostile_texts
import hostile_workbooks
from hostile_pieces import (
    CRAFTED,
    END,
    GOOD,
    MB,
    NO_READER,
    RDML,
    READ,
    TEXT,
    in_workbook,
    members_of,
    zipped,
)
from ingest_exports import PLAIN, workbook

LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE rdml [<!ENTITY a0 "ha">'
    + "".join(f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, 10))
    + ']><rdml version="1.1">&a9;</rdml>'
)
BLOWUP = (
    f'<?xml version="1.0"?><!DOCTYPE rdml [<!ENTITY a "{"x" * 100_000}">]>'
    f"<rdml>{'&a;' * 20_000}</rdml>"
)
EXTERNAL = (
    '<?xml version="1.0"?><!DOCTYPE rdml [<!ENTITY a SYSTEM "file:///etc/passwd">]><rdml>&a;</rdml>'
)
PARAMETER = (
    '<?xml version="1.0"?><!DOCTYPE rdml [<!ENTITY % a SYSTEM "file:///etc/passwd"> %a;]><rdml/>'
)
ZERO_MB = bytes(MB)


def bomb(name, megabytes, *, head=b"", members=()):
    """An archive with one member of many zeros; a megabyte packs into a kilobyte."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for other, data in members:
            archive.writestr(other, data)
        with archive.open(name, "w") as file:
            file.write(head)
            for _ in range(megabytes):
                file.write(ZERO_MB)
    return content.getvalue()


def lying(content, size):
    """Let the central directory claim another unpacked size for its first member."""
    place = content.index(b"PK\x01\x02") + 24
    return content[:place] + struct.pack("<I", size) + content[place + 4 :]


def encrypted(content):
    """Set the encryption bit of the first member, in both headers."""
    central = content.index(b"PK\x01\x02") + 8
    data = bytearray(content)
    data[6] |= 1
    data[central] |= 1
    return bytes(data)


def symlink(name, target):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        member = zipfile.ZipInfo(name)
        member.create_system, member.external_attr = 3, 0o120777 << 16
        archive.writestr(member, target)
    return content.getvalue()


def wide_rows(cells):
    """A sheet of many small cells, 400 a row."""
    row = b"".join(b"<c><v>1</v></c>" for _ in range(400))
    return b"".join(b"<row>" + row + b"</row>" for _ in range(cells // 400))


CELL = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>' + END
DOCTYPE = "XML with a document type or entities; no instrument writes that"
YAML_LAUGHS = b"comments: &a0 [ha]\n" + b"".join(
    b"a%d: &a%d [%s]\n" % (n, n, b", ".join([b"*a%d" % (n - 1)] * 10)) for n in range(1, 10)
)
YAML_OBJECT = b"comments: !!python/object/apply:os.system ['touch hacked']\n"


def _three_line_ends():
    head, _, rest = TEXT.partition(b"\n")
    middle, _, tail = rest.partition(b"\n")
    return head + b"\r\n" + middle + b"\r" + tail


def _mixed():
    return TEXT.replace(b"S1", "样本".encode("gb18030")).replace(b"ROX", "Δ".encode())


def _attributes():
    pairs = " ".join(f'a{n}="x"' for n in range(1_000_000))
    return f"<rdml {pairs}></rdml>".encode()


def _targets():
    one = '<data><tar id="T{}"/><cq>2</cq></data>'
    many = "".join(one.format(n) for n in range(390_000))
    return RDML.replace("<data>", f"{many}<data>", 1).encode()


def _twice():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return zipped([("a.xml", RDML), ("a.xml", RDML)])


def _lying_bomb():
    """The directory says 900 bytes, so that no limit strikes before the member is opened."""
    return lying(bomb("rdml_data.xml", 60, head=b"<rdml>"), 900)


def _laughing_eds():
    return zipped([("apldbio/sds/plate_setup.xml", LAUGHS), ("apldbio/sds/experiment.xml", LAUGHS)])


def _laughing_workbook():
    laughs = LAUGHS.partition("<!DOCTYPE rdml")[2].partition("]>")[0].encode()
    return in_workbook(
        b"<worksheet",
        b"<!DOCTYPE worksheet" + laughs + b"]><worksheet",
    )


def _generic(rows):
    return b"Well,Sample,Target,Ct\n" + b"".join(b"A1,S,T%d,22\n" % n for n in range(rows))


def _results(rows):
    head = "[Results]\nWell,Sample Name,Target Name,Task,Reporter,CT\n"
    return (head + "".join(f"A1,S,T{n},UNKNOWN,FAM,22\n" for n in range(rows))).encode()


def _points(rows):
    """One reaction with a result, and curves of ever more targets."""
    return TEXT + b"".join(b"A1,%d,T%d,1,1\n" % (n % 40 + 1, n // 40) for n in range(rows))


def _pool():
    """Numbers that do not pack: more of them than a zip looks back upon."""
    rng = random.Random(1)
    return [b"0.%017d" % rng.randrange(10**17) for _ in range(4_001)]


def _numbers(cells, reference=b""):
    """A workbook of numbers, 20 a row."""
    pool, rows = _pool(), []
    for row in range(10, cells // 20 + 10):
        names = [reference % (65 + column, row) if reference else b"" for column in range(20)]
        values = [pool[(row * 20 + column) % 4_001] for column in range(20)]
        numbers = [b"<c%s><v>%s</v></c>" % pair for pair in zip(names, values, strict=True)]
        rows.append(b'<row r="%d">%s</row>' % (row, b"".join(numbers)))
    return in_workbook(END, b"".join(rows) + END)


def _strings(cells):
    """A workbook of shared strings, each used once."""
    pool = _pool()
    items = b"".join(b"<si><t>%s</t></si>" % pool[n % 4_001] for n in range(cells))
    rows = b"".join(b'<row><c t="s"><v>%d</v></c></row>' % n for n in range(cells))
    more = [("xl/more.xml", b"<sst>%s</sst>" % items)]
    return in_workbook(END, rows + END, extra=more)


def beside(name, content):
    """The good export with a sheet or a run.yaml beside it."""
    return {"export": TEXT, name: content}


TOO_MUCH = "at most|more than"
REX = "damaged|document type|DTD"
CFX_HEAD = b",Well,Fluor,Target,Content,Sample,Biological Set Name,Cq,Cq Mean,SQ Mean\n"
LC_HEAD = (
    b"Experiment: E  Selected Filter: FAM (465-510)\n"
    b"Include\tColor\tPos\tName\tCp\tConcentration\tStandard\tStatus\n"
)
SDS_HEAD = b"Well,Sample Name,Detector,Task,Ct,StdDev Ct,Qty,Mean Qty,StdDev Qty,Filtered,Tm\n"


def eds_json(inner):
    """An EDS of version 2 whose setup holds this; stored, so that no ratio strikes."""
    manifest = ("Manifest.mf", "Specification-Version: 2.0\n")
    body = b'{"wells": ' + inner + b"}"
    members = [manifest, ("setup/plate_setup.json", body), ("primary/analysis_result.json", "{}")]
    return zipped(members, zipfile.ZIP_STORED)


def eds_setup(inner):
    """An EDS of version 1 with results and this plate setup."""
    setup = b"<Plate><Rows>8</Rows><Columns>12</Columns>" + inner + b"</Plate>"
    members = [
        ("apldbio/sds/plate_setup.xml", setup),
        ("apldbio/sds/analysis_result.txt", "Well\tSample Name\tDetector\tTask\tCt\n"),
    ]
    return zipped(members, zipfile.ZIP_STORED)


def rex(inner):
    """A Rotor-Gene run file."""
    head = b"<Experiment>\n<RexHeader>REX 3.14</RexHeader>\n<Samples/><RawChannels>"
    return head + inner + b"</RawChannels></Experiment>"


def _laughing_rex():
    declared = LAUGHS.partition("<rdml")[0].replace("DOCTYPE rdml", "DOCTYPE Experiment")
    return declared.encode() + rex(b"&a9;")


# Content, and what must come of it.
CASES = {
    "good": (lambda: TEXT, READ),
    # Lines and cells.
    "one line of 10 MB": (lambda: b"x" * 10 * MB, NO_READER),
    "one line of 10 MB of delimiters": (lambda: b"Well," * 2 * MB, NO_READER),
    "a line of 10 MB": (lambda: TEXT + b"\n" + b"x" * 10 * MB, "line of 10000000 letters"),
    "a cell of 10 MB": (lambda: TEXT + b'"' + b"x\n" * 5 * MB + b'"', "unreadable line"),
    "a name of 900 KB": (lambda: TEXT.replace(b"S1", b"S" * 900_000), "unreadable line"),
    "24 MB of line ends": (lambda: TEXT + b"\n" * 24 * MB, "more than 300000 lines"),
    "24 MB of line ends alone": (lambda: b"\n" * 24 * MB, NO_READER),
    "24 MB of returns": (lambda: TEXT + b"\r" * 24 * MB, "more than 300000 lines"),
    "24 MB of delimiters": (lambda: TEXT + (b"," * 999 + b"\n") * 24_000, "2000000 cells"),
    "3,000 cells in a line": (lambda: TEXT + b"," * 3_000, "2000 cells in a line"),
    "24 MB of quotes": (lambda: TEXT + b'"' * 24 * MB, "line of 24000000 letters"),
    "24 MB of emoji": (lambda: TEXT + "😀".encode() * 6 * MB, "line of 6000000 letters"),
    "24 MB of emoji in lines": (lambda: TEXT + "😀😀,\n".encode() * 2_400_000, "300000 lines"),
    "24 MB of sections": (lambda: TEXT + b"[Results]\n" * 2_400_000, "more than 300000 lines"),
    "26 MB of text": (lambda: TEXT + b"\n" * 26 * MB, "text of .* bytes, at most 25000000"),
    "61 MB of zeros": (lambda: bytes(61 * MB), "at most 60000000|binary"),
    "290,000 reactions": (lambda: _generic(290_000), "table of 290001 rows, at most 150000"),
    "20,000 reactions": (lambda: _generic(20_000), "20000 reactions, at most 10000 expected"),
    "290,000 results": (lambda: _results(290_000), "table of 29000. rows, at most 150000"),
    "290,000 points of curves": (
        lambda: _points(290_000),
        "table of 29.* rows, at most 150000",
    ),
    # Letters.
    "NUL bytes": (lambda: TEXT.replace(b"S1", b"S\0"), "line 9: NUL byte; the file is damaged"),
    "NUL everywhere": (lambda: bytes(24 * MB), NO_READER),
    "UTF-8 with BOM": (lambda: b"\xef\xbb\xbf" + TEXT, READ),
    "UTF-16 with BOM": (lambda: CRAFTED.encode("utf-16"), READ),
    "UTF-16 without BOM": (lambda: CRAFTED.encode("utf-16-be"), READ),
    "UTF-32": (lambda: CRAFTED.encode("utf-32"), f"{NO_READER}|NUL"),
    "half a letter of UTF-16": (lambda: CRAFTED.encode("utf-16")[:-1], f"{NO_READER}|NUL|cut off"),
    "CR only": (lambda: TEXT.replace(b"\n", b"\r"), READ),
    "line ends of three kinds": (_three_line_ends, READ),
    "UTF-8 and GB18030": (_mixed, READ),
    "a Ct of a million digits": (lambda: TEXT.replace(b"22.5", b"9" * 999_999), "line of|unread"),
    "a Ct of 50 digits": (lambda: TEXT.replace(b"22.5", b"9" * 50), "Ct of A1 is '9999"),
    "an endless Ct": (lambda: TEXT.replace(b"22.5", b"1e999"), "Ct of A1 is '1e999'; expected"),
    "a Ct in wide digits": (lambda: TEXT.replace(b"22.5", "２２.５".encode()), "Ct of A1 is"),
    "a path as a name": (lambda: TEXT.replace(b"S1", b"../../etc/passwd"), READ),
    "a formula as a name": (lambda: TEXT.replace(b"S1", b"=cmd|' /C calc'!A0"), READ),
    "half a row": (lambda: PLAIN.encode()[:-9], "cut off"),
    # XML.
    "billion laughs": (lambda: zipped([("rdml_data.xml", LAUGHS)]), DOCTYPE),
    "billion laughs, bare": (LAUGHS.encode, DOCTYPE),
    "billion laughs in UTF-16": (lambda: LAUGHS.encode("utf-16"), DOCTYPE),
    "quadratic blowup": (BLOWUP.encode, DOCTYPE),
    "external entity": (EXTERNAL.encode, DOCTYPE),
    "parameter entity": (PARAMETER.encode, DOCTYPE),
    "a million levels": (lambda: b"<rdml>" + b"<a>" * MB, "or 50 levels"),
    "6 million elements": (lambda: b"<rdml>" + b"<a/>" * 6 * MB, "more than 1200000 XML elements"),
    "an XML text of 20 MB": (
        lambda: b"<rdml>" + b"x" * 20 * MB,
        "letters in one XML element|damaged XML",
    ),
    "an XML name of 20 MB": (
        lambda: RDML.replace('"S"', f'"{"S" * 20 * MB}"').encode(),
        "XML tag of",
    ),
    "a million attributes": (_attributes, "XML tag of more than 100000 bytes"),
    "half an XML": (RDML[:-40].encode, "damaged XML"),
    "XML in EBCDIC": (lambda: RDML.replace("?>", ' encoding="cp037"?>').encode(), "damaged XML"),
    "390,000 targets in a well": (_targets, "10001 reactions, at most 10000"),
    # Archives.
    "bomb of 200 MB": (lambda: bomb("rdml_data.xml", 200, head=b"<rdml>"), "unpacks"),
    "bomb of 45 MB": (lambda: bomb("rdml_data.xml", 45, head=b"<rdml>"), "unpacks"),
    "bomb beside a document": (lambda: bomb("b", 48, members=[("a.xml", RDML)]), "unpacks"),
    "bomb that says 900 bytes": (_lying_bomb, f"damaged|{NO_READER}"),
    "a size of 4 GB": (lambda: lying(zipped([("a.xml", RDML)]), 4_000_000_000), "unpacks"),
    "archive in an archive": (lambda: zipped([("a.zip", zipped([("a.xml", RDML)]))]), NO_READER),
    "half an archive": (lambda: zipped([("a.xml", RDML)])[:-40], "damaged zip archive"),
    "archive behind junk": (lambda: b"junk" + zipped([("a.xml", RDML)]), NO_READER),
    "6,000 members": (lambda: zipped([(f"{n}.xml", RDML) for n in range(6_000)]), "6000 members"),
    "a member that leads out": (lambda: zipped([("../../out.xml", RDML)]), "leads out"),
    "a member at the root": (lambda: zipped([("/tmp/out.xml", RDML)]), "leads out"),
    "a member beyond a drive": (lambda: zipped([("..\\..\\out.xml", RDML)]), "leads out"),
    "two members of one name": (_twice, "two archive members have one name"),
    "a locked member": (lambda: encrypted(zipped([("a.xml", RDML)])), f"encrypted|{NO_READER}"),
    "a link as a member": (lambda: symlink("a.xml", "/etc/passwd"), NO_READER),
    "LZMA": (lambda: zipped([("a.xml", RDML)], zipfile.ZIP_LZMA), "packed in a way"),
    "a gzip archive": (lambda: b"\x1f\x8b" + bytes(100), "gzip archive"),
    "an EDS bomb": (lambda: bomb("apldbio/sds/analysis_result.txt", 120), "unpacks"),
    "laughs in an EDS": (_laughing_eds, "document type|damaged|XML|no Ct"),
    # Readers that build a tree.
    "an EDS of 9 million lists": (lambda: eds_json(b"[" + b"[]," * 9 * MB + b"[]]"), TOO_MUCH),
    "an EDS of a million levels": (lambda: eds_json(b"[" * MB + b"]" * MB), f"damaged|{TOO_MUCH}"),
    "an EDS of a number of 5 MB": (lambda: eds_json(b"9" * 5 * MB), "damaged|export"),
    "an EDS of 5 million elements": (lambda: eds_setup(b"<a/>" * 5 * MB), TOO_MUCH),
    "an EDS of levels": (
        lambda: eds_setup(b"<a>" * 100_000 + b"</a>" * 100_000),
        "EDS|damaged|more",
    ),
    "laughs in a rex": (_laughing_rex, REX),
    "a rex of a million elements": (lambda: rex(b"<a/>" * MB), TOO_MUCH),
    "a rex of levels": (lambda: rex(b"<a>" * 100_000 + b"</a>" * 100_000), "not finished"),
    "290,000 Cqs": (lambda: CFX_HEAD + b",A01,FAM,T,Unkn,S,,22,,\n" * 290_000, TOO_MUCH),
    "290,000 Cps": (lambda: LC_HEAD + b"True\t1\tA1\tS\t22\t\t0\t\n" * 290_000, TOO_MUCH),
    "290,000 SDS results": (lambda: SDS_HEAD + b"A1,S,T,Unknown,22,,,,,,\n" * 290_000, TOO_MUCH),
    # Workbooks.
    "good workbook": (lambda: GOOD, READ),
    "cell XFD1048576": (lambda: in_workbook(END, CELL), "reaches row 1048576, column 16384"),
    "workbook bomb": (lambda: bomb("xl/media/a.bin", 120, members=members_of(GOOD)), "unpacks"),
    "laughs in a workbook": (_laughing_workbook, "document type or entities"),
    "half a workbook": (lambda: GOOD[: len(GOOD) // 2], "damaged zip archive"),
    "4 million cells": (lambda: in_workbook(END, wide_rows(4_000_000) + END), "unpacks"),
    "600,000 numbers": (lambda: _numbers(600_000), "cells without references"),
    "300,000 numbers": (lambda: _numbers(300_000), "cells where the header has"),
    "500,000 named numbers": (lambda: _numbers(500_000, b' r="%c%d"'), "unpacks|header has"),
    "190,000 strings": (lambda: _strings(190_000), "no well|unpacks|reaches|damaged"),
    "300 sheets": (lambda: workbook({f"s{n}": [["Well"]] for n in range(300)}), NO_READER),
    "an xls of zeros": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(MB), "damaged xls"),
    # What stands beside an export.
    "laughs in run.yaml": (lambda: beside("run.yaml", YAML_LAUGHS), "run.yaml"),
    "24 MB of run.yaml": (lambda: beside("run.yaml", b"a: [" * 6 * MB), "run.yaml"),
    "an object in run.yaml": (lambda: beside("run.yaml", YAML_OBJECT), "run.yaml"),
    "24 MB of sheet": (lambda: beside("samplesheet.csv", b"well,sample\n" * 2 * MB), "samplesheet"),
    "a sheet of one line": (lambda: beside("samplesheet.csv", b"x" * 10 * MB), "samplesheet"),
}
for more in (
    hostile_archives,
    hostile_documents,
    hostile_folders,
    hostile_texts,
    hostile_workbooks,
):
    assert not CASES.keys() & more.CASES.keys()
    CASES |= more.CASES
