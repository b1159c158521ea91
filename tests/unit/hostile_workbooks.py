"""Workbooks whose parts claim more than they hold, and what must come of each."""

import zipfile

from hostile_pieces import END, GOOD, MB, NO_READER, READ, SHEET, members_of, zipped
from ingest_exports import workbook

FAR = b"XFD1048576"
SHEET_1 = "xl/worksheets/sheet1.xml"
REACHES = "reaches row 1048576, column 16384"
RELATIONS = "xl/_rels/workbook.xml.rels"
TYPES = "[Content_Types].xml"
MANY = "at most|more than|unpacks"


def changed(**parts):
    """The good workbook with bytes exchanged in some members, named as below `xl`."""
    out = []
    for name, data in members_of(GOOD):
        key = "relations" if name == RELATIONS else name.rpartition("/")[2].removesuffix(".xml")
        xml = data
        for old, new in parts.get(key, ()):
            assert old in xml, (name, old)
            xml = xml.replace(old, new, 1)
        out.append((name, xml))
    return zipped(out)


def stored(content):
    """The same archive without packing, so that no ratio strikes."""
    return zipped(members_of(content), zipfile.ZIP_STORED)


def sheet(body, *, before=b"", after=b""):
    """A workbook whose first sheet has more rows, or more before or behind its rows."""
    return changed(sheet1=[(b"<sheetData>", before + b"<sheetData>"), (END, body + END + after)])


def sheets_listed(count):
    """A workbook that lists its one sheet under many names."""
    more = b"".join(
        b'<sheet name="s%d" sheetId="%d" r:id="rId1"/>' % (n, n + 9) for n in range(count)
    )
    return changed(workbook=[(b"</sheets>", more + b"</sheets>")])


def far_sheets(count, reference, *, known=True):
    """A workbook of sheets that hold one cell each, far from the first."""
    row = "".join(letter for letter in reference if letter.isdigit())
    content = workbook({**(SHEET if known else {}), **{f"s{n}": [["Well"]] for n in range(count)}})
    old, new = b'<row r="1"', f'<row r="{row}"><c r="{reference}"><v>1</v></c></row>'.encode()
    out = []
    for name, data in members_of(content):
        number = name.removeprefix("xl/worksheets/sheet").removesuffix(".xml")
        if number.isdecimal() and int(number) > 2 * known:
            assert old in data
            out.append((name, data.replace(END, new + END, 1)))
        else:
            out.append((name, data))
    return zipped(out)


def strings(count, *, used=False):
    """A workbook with many shared strings that no cell names, or the Ct names the last of."""
    more = b"".join(b"<si><t>%d</t></si>" % n for n in range(count))
    return changed(sharedStrings=[(b"</sst>", more + b"</sst>")])


def defined(names):
    body = b"".join(
        b'<definedName name="n%d">Results!$A$1:$XFD$1048576</definedName>' % n for n in range(names)
    )
    return changed(
        workbook=[(b"</sheets>", b"</sheets><definedNames>" + body + b"</definedNames>")]
    )


def table(reference):
    """A table part that spans more than its sheet."""
    part = (
        b'<table xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" id="1" name="T" '
        b'displayName="T" ref="' + reference + b'"><tableColumns count="1">'
        b'<tableColumn id="1" name="a"/></tableColumns></table>'
    )
    relation = (
        b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        b'<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
        b'relationships/table" Target="../tables/table1.xml"/></Relationships>'
    )
    more = [("xl/tables/table1.xml", part), ("xl/worksheets/_rels/sheet1.xml.rels", relation)]
    return zipped([*members_of(GOOD), *more])


def cell(attributes, inner):
    """A row behind the others with one cell in it."""
    return sheet(b'<row r="9"><c r="A9"' + attributes + b">" + inner + b"</c></row>")


def levels(count):
    return b"<a>" * count + b"</a>" * count


def without(name):
    return zipped([(n, d) for n, d in members_of(GOOD) if n != name])


def macro():
    """A workbook with a macro project in it, which nothing looks at."""
    return zipped([*members_of(GOOD), ("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0" + bytes(4_000))])


def renamed(old, new):
    return zipped([(new if n == old else n, d) for n, d in members_of(GOOD)])


def cell_of_ct(new):
    """The good workbook with another cell for its Ct."""
    return changed(sheet1=[(b'<c r="F4"><v>22.5</v></c>', new)])


CASES = {
    # Cells far out, in every part.
    "a dimension to XFD1048576": (
        lambda: changed(sheet1=[(b'<dimension ref="', b'<dimension ref="A1:XFD1048576" x="')]),
        READ,
    ),
    "a dimension of 10**18 rows": (
        lambda: changed(
            sheet1=[(b'<dimension ref="', b'<dimension ref="A1:ZZZZ1' + b"0" * 18 + b'" x="')]
        ),
        READ,
    ),
    "a dimension backwards": (
        lambda: changed(sheet1=[(b'<dimension ref="', b'<dimension ref="Z99:A1" x="')]),
        READ,
    ),
    "a dimension of words": (
        lambda: changed(sheet1=[(b'<dimension ref="', b'<dimension ref="here" x="')]),
        "damaged|read",
    ),
    "merged cells to XFD1048576": (
        lambda: sheet(b"", after=b'<mergeCells><mergeCell ref="A1:' + FAR + b'"/></mergeCells>'),
        READ,
    ),
    "100,000 merged cells": (
        lambda: sheet(
            b"",
            after=b"<mergeCells>"
            + b'<mergeCell ref="A1:XFD1048576"/>' * 100_000
            + b"</mergeCells>",
        ),
        READ,
    ),
    "a table to XFD1048576": (lambda: table(b"A1:" + FAR), READ),
    "a table of words": (lambda: table(b"here"), READ),
    "1,000 names to XFD1048576": (lambda: defined(1_000), READ),
    "columns to 16384": (
        lambda: sheet(b"", before=b'<cols><col min="1" max="16384" width="9"/></cols>'),
        READ,
    ),
    "a row XFD1048576 alone": (lambda: sheet(b'<row r="1048576"/>'), "reaches row 1048576|read"),
    "a cell far out in small letters": (
        lambda: sheet(b'<row r="1048576"><c r="xfd1048576"><v>1</v></c></row>'),
        REACHES,
    ),
    "a cell far out in another name space": (
        lambda: sheet(
            b'<x:row xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
            b'r="1048576">'
            b'<x:c r="XFD1048576"><x:v>1</x:v></x:c></x:row>'
        ),
        REACHES,
    ),
    "a cell far out with its attributes turned": (
        lambda: sheet(b'<row r="9"><c t="n" r="XFD1048576"><v>1</v></c></row>'),
        REACHES,
    ),
    "a cell far out in single quotes": (
        lambda: sheet(b"<row r='9'><c r='XFD1048576'><v>1</v></c></row>"),
        REACHES,
    ),
    "a cell far out behind a comment": (
        lambda: sheet(b'<!-- <c r="A1"> --><row r="9"><c\n r="XFD1048576"><v>1</v></c></row>'),
        REACHES,
    ),
    "a cell far out by entities": (
        lambda: sheet(b'<row r="9"><c r="&#88;FD1048576"><v>1</v></c></row>'),
        "reaches",
    ),
    "a cell far out, with a blank": (
        lambda: sheet(b'<row r="9"><c r = "XFD1048576"><v>1</v></c></row>'),
        REACHES,
    ),
    "a cell of seven letters": (
        lambda: sheet(b'<row r="9"><c r="AAAAAAA1"><v>1</v></c></row>'),
        "reaches|damaged",
    ),
    "a cell of 10**18": (
        lambda: sheet(b'<row r="9"><c r="A1000000000000000000"><v>1</v></c></row>'),
        "reaches|damaged",
    ),
    "a cell of row 0": (
        lambda: sheet(b'<row r="9"><c r="A0"><v>1</v></c></row>'),
        "reaches|damaged|read",
    ),
    "a cell AZ59999": (
        lambda: sheet(b'<row r="59999"><c r="AZ59999"><v>1</v></c></row>'),
        "reaches row 59998",
    ),
    "a sheet in UTF-16": (
        lambda: zipped(
            [
                (
                    n,
                    d.decode()
                    .replace("UTF-8", "UTF-16")
                    .replace(
                        "</sheetData>",
                        '<row r="9"><c r="XFD1048576"><v>1</v></c></row></sheetData>',
                    )
                    .encode("utf-16"),
                )
                if n == SHEET_1
                else (n, d)
                for n, d in members_of(GOOD)
            ]
        ),
        "reaches|damaged|no results",
    ),
    "a sheet under another name": (
        lambda: changed(sheet1=[(END, b'<row r="9"><c r="XFD1048576"><v>1</v></c></row>' + END)]),
        REACHES,
    ),
    "20 sheets of 37,000 x 52": (lambda: far_sheets(20, "AZ37000"), READ),
    "150 sheets of 37,000 x 52": (lambda: far_sheets(150, "AZ37000"), READ),
    # Numbers of parts.
    "100,000 sheets": (lambda: sheets_listed(100_000), READ),
    "900 sheets of one part": (lambda: sheets_listed(900), READ),
    "1,000 sheets": (lambda: workbook({f"s{n}": [["Well"]] for n in range(1_000)}), NO_READER),
    "150 unknown sheets of 37,000 x 52": (
        lambda: far_sheets(150, "AZ37000", known=False),
        "sheets of",
    ),
    "a million shared strings": (lambda: strings(MB), READ),
    "a million shared strings, stored": (lambda: stored(strings(MB)), READ),
    "a million styles": (
        lambda: stored(
            changed(styles=[(b"</cellXfs>", b'<xf numFmtId="0"/>' * MB + b"</cellXfs>")])
        ),
        READ,
    ),
    "a million number formats": (
        lambda: stored(
            changed(
                styles=[
                    (
                        b"<fonts",
                        b"<numFmts>"
                        + b'<numFmt numFmtId="200" formatCode="yy"/>' * MB
                        + b"</numFmts><fonts",
                    )
                ]
            )
        ),
        READ,
    ),
    "a million relations": (
        lambda: stored(
            changed(
                relations=[
                    (
                        b"</Relationships>",
                        b'<Relationship Id="x" Type="y" Target="z"/>' * MB + b"</Relationships>",
                    )
                ]
            )
        ),
        READ,
    ),
    # Attributes, levels, texts.
    "an attribute of 45 MB": (
        lambda: stored(sheet(b'<row r="9" x="' + b"y" * 45 * MB + b'"/>')),
        READ,
    ),
    "an attribute of 55 MB": (
        lambda: stored(sheet(b'<row r="9" x="' + b"y" * 55 * MB + b'"/>')),
        "unpacks",
    ),
    "a million attributes of a cell": (
        lambda: stored(cell(b"".join(b' a%d="x"' % n for n in range(MB)), b"<v>1</v>")),
        READ,
    ),
    "100,000 levels in a sheet": (lambda: sheet(levels(100_000)), READ),
    "100,000 levels in the strings": (
        lambda: changed(sharedStrings=[(b"</sst>", levels(100_000) + b"</sst>")]),
        READ,
    ),
    "100,000 levels in the list of sheets": (
        lambda: changed(workbook=[(b"</workbook>", levels(100_000) + b"</workbook>")]),
        READ,
    ),
    "a text of 20 MB in a cell": (
        lambda: stored(cell(b' t="inlineStr"', b"<is><t>" + b"x" * 20 * MB + b"</t></is>")),
        READ,
    ),
    "a comment of 20 MB": (lambda: stored(sheet(b"<!--" + b"x" * 20 * MB + b"-->")), READ),
    "CDATA of 20 MB": (
        lambda: stored(cell(b' t="str"', b"<v><![CDATA[" + b"x" * 20 * MB + b"]]></v>")),
        READ,
    ),
    "NUL in a sheet": (lambda: cell(b"", b"<v>\0</v>"), READ),
    "a phonetic text": (
        lambda: changed(
            sharedStrings=[(b"<si><t>S1</t>", b"<si><t>S1</t><rPh sb='0' eb='1'><t>X</t></rPh>")]
        ),
        READ,
    ),
    # Cells that are not what they say.
    "a string of no number": (lambda: cell(b' t="s"', b"<v>99999999</v>"), "damaged"),
    "a string of minus one": (lambda: cell(b' t="s"', b"<v>-1</v>"), READ),
    "a cell of an unknown type": (lambda: cell(b' t="zz"', b"<v>1</v>"), "damaged|read"),
    "a style of no number": (lambda: cell(b' s="99999999"', b"<v>1</v>"), READ),
    "a date of 10**300": (lambda: cell(b' t="d"', b"<v>9999999-99-99T99:99:99</v>"), READ),
    "a formula cell of the Ct": (
        lambda: cell_of_ct(b'<c r="F4"><f>SUM(A1:XFD1048576)</f><v>22.5</v></c>'),
        READ,
    ),
    "a formula from outside": (
        lambda: cell_of_ct(b'<c r="F4"><f>[1]x!A1</f><v>22.5</v></c>'),
        READ,
    ),
    "an error as Ct": (
        lambda: cell_of_ct(b'<c r="F4" t="e"><v>#DIV/0!</v></c>'),
        "Ct of A1 is '#DIV/0!'",
    ),
    "an error of a formula as Ct": (
        lambda: cell_of_ct(b"<c r='F4' s='0' t='e'><f>1/0</f><v>#N/A</v></c>"),
        "Ct of A1 is '#N/A'",
    ),
    "an error beside the table": (lambda: cell(b' t="e"', b"<v>#REF!</v>"), READ),
    "a Ct of 1e400 in a cell": (
        lambda: cell_of_ct(b'<c r="F4"><v>1e400</v></c>'),
        "Ct of A1|damaged",
    ),
    "a Ct of NaN in a cell": (lambda: cell_of_ct(b'<c r="F4"><v>NaN</v></c>'), READ),
    "a Ct of 100,000 digits in a cell": (
        lambda: cell_of_ct(b'<c r="F4"><v>' + b"9" * 100_000 + b"</v></c>"),
        "Ct of A1|damaged",
    ),
    "a Ct with an underscore in a cell": (
        lambda: cell_of_ct(b'<c r="F4"><v>2_2.5</v></c>'),
        "Ct of A1|damaged",
    ),
    "a Ct in wide digits in a cell": (
        lambda: cell_of_ct('<c r="F4"><v>２２.５</v></c>'.encode()),
        "Ct of A1|damaged",
    ),
    "a Ct that is true": (lambda: cell_of_ct(b'<c r="F4" t="b"><v>1</v></c>'), "Ct of A1"),
    "a Ct that is a date": (
        lambda: cell_of_ct(b'<c r="F4" t="d"><v>2026-03-22</v></c>'),
        "Ct of A1",
    ),
    "two Cts in one cell": (
        lambda: cell_of_ct(b'<c r="F4"><v>22.5</v></c><c r="F4"><v>31</v></c>'),
        READ,
    ),
    "two rows of one number": (lambda: sheet(b'<row r="4"><c r="F4"><v>31</v></c></row>'), READ),
    # Parts that are missing, twice, or lead elsewhere.
    "no types": (lambda: without(TYPES), READ),
    "no strings": (lambda: without("xl/sharedStrings.xml"), "damaged|no "),
    "no styles": (lambda: without("xl/styles.xml"), READ),
    "no sheet": (lambda: without(SHEET_1), "damaged|no "),
    "no relations of the book": (lambda: without("xl/_rels/workbook.xml.rels"), "damaged|no "),
    "a book in capitals": (lambda: renamed("xl/workbook.xml", "XL/Workbook.xml"), READ),
    "macros": (macro, READ),
    "a sheet that is the book": (
        lambda: changed(relations=[(b"worksheets/sheet1.xml", b"workbook.xml")]),
        "damaged|no ",
    ),
    "a sheet outside": (
        lambda: changed(relations=[(b"worksheets/sheet1.xml", b"../../../../etc/passwd")]),
        "damaged|no ",
    ),
    "a sheet far away": (
        lambda: changed(
            relations=[
                (
                    b'Target="worksheets/sheet1.xml"',
                    b'Target="http://localhost/x" TargetMode="External"',
                )
            ]
        ),
        "damaged|no ",
    ),
    "two sheets of one name": (
        lambda: changed(workbook=[(b'name="Amplification Data"', b'name="Results"')]),
        "both hold results",
    ),
    "a sheet of a name of 100,000 letters": (
        lambda: changed(
            workbook=[(b'name="Amplification Data"', b'name="' + b"x" * 100_000 + b'"')]
        ),
        READ,
    ),
    "a hidden sheet of results": (
        lambda: changed(workbook=[(b'name="Results"', b'name="Results" state="veryHidden"')]),
        READ,
    ),
}
