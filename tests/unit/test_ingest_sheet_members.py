"""Which member of an xlsx holds which sheet: told only where it can be understood in one way."""

import pytest

from breakpoint_pcr.ingest.files.sheet_members import sheet_members

WORKBOOK = (
    '<workbook xmlns="m" xmlns:r="o"><sheets><sheet name="Results" sheetId="1" r:id="rId1"/>'
    '<sheet name="Raw Data" sheetId="2" state="visible" r:id="rId7"/></sheets></workbook>'
)
RELATIONS = (
    '<Relationships xmlns="p"><Relationship Id="rId7" Type="s" Target="/xl/worksheets/sheet2.xml"/>'
    '<Relationship Id="rId1" Type="s" Target="worksheets/sheet1.xml"/>'
    '<Relationship Id="rId3" Type="t" Target="styles.xml"/></Relationships>'
)


def members(workbook=WORKBOOK, relations=RELATIONS):
    return dict(sheet_members(workbook.encode(), relations.encode()))


def test_the_plain_case():
    assert members() == {
        "Results": "xl/worksheets/sheet1.xml",
        "Raw Data": "xl/worksheets/sheet2.xml",
    }


def test_endless_documents():
    assert members(relations=RELATIONS.replace("><", ">" + " " * 500_000 + "<", 1)) == {}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('name="Raw Data"', 'name="Results"'),
        ('r:id="rId7"', 'r:id="rId1"'),
        ('r:id="rId7"', 'r:id="rId9"'),
        ('r:id="rId7"', 'x:id="rId7" r:id="rId1"'),
        ('r:id="rId7"', 'x:id="rId7"'),
        ("<sheet name", "<m:sheet name"),
        ("<workbook", "<!DOCTYPE a><workbook"),
        ("</workbook>", ""),
    ],
)
def test_an_unusual_workbook(old, new):
    assert old in WORKBOOK
    assert members(workbook=WORKBOOK.replace(old, new, 1)) == {}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('Id="rId7"', 'Id="rId1"'),
        ('Id="rId3"', 'Id="rId1"'),
        ("/xl/worksheets/sheet2.xml", "worksheets/sheet1.xml"),
        ("/xl/worksheets/sheet2.xml", "../worksheets/sheet2.xml"),
        ("/xl/worksheets/sheet2.xml", "worksheets\\sheet2.xml"),
        ("/xl/worksheets/sheet2.xml", "chartsheets/sheet2.xml"),
        ('Type="t"', 'Type="t" TargetMode="External"'),
        ("<Relationship Id", "<p:Relationship Id"),
        ("</Relationships>", "</relationships>"),
    ],
)
def test_unusual_relations(old, new):
    assert old in RELATIONS
    assert members(relations=RELATIONS.replace(old, new, 1)) == {}
