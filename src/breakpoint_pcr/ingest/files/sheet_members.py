"""Which member of an xlsx holds which sheet, so that a sheet nobody reads need not be checked."""

import re
from collections.abc import Mapping

from breakpoint_pcr.errors import ExportError
from breakpoint_pcr.ingest.files.guarded_xml import feed, guarded_parser

SHEET_KEYS = {"name", "sheetId", "r:id", "state"}
LINK_KEYS = {"Id", "Type", "Target"}
# Those of a workbook of 20 sheets have 5,000 bytes.
BYTES_MAX = 500_000
TARGET = re.compile(r"(?:/xl/)?(worksheets/[A-Za-z0-9_]{1,40}\.xml)")


def sheet_members(workbook: bytes, relations: bytes) -> Mapping[str, str]:
    """Return the member of each sheet; nothing where the two documents say it in unusual words.

    They are read by another library later, which must find the same: so whatever could be
    understood in two ways (a prefix, a further attribute, a name that stands twice) is unusual.

    Args:
        workbook: xl/workbook.xml.
        relations: xl/_rels/workbook.xml.rels.
    """
    if len(workbook) + len(relations) > BYTES_MAX:
        return {}
    try:
        sheets = _attributes(workbook, "sheet", SHEET_KEYS)
        links = _attributes(relations, "Relationship", LINK_KEYS)
        target_of = {link["Id"]: link["Target"] for link in links}
        found = {sheet["name"]: TARGET.fullmatch(target_of[sheet["r:id"]]) for sheet in sheets}
    except (ExportError, KeyError):
        return {}
    members = {name: f"xl/{match[1]}" for name, match in found.items() if match}
    once = len(target_of) == len(links) and len(set(members.values())) == len(sheets)
    return members if once and len(members) == len(sheets) else {}


def _attributes(xml: bytes, tag: str, known: set[str]) -> list[dict[str, str]]:
    """Return the attributes of each such element.

    Raises:
        ExportError: The XML is damaged, or has a document type.
        KeyError: The element has a prefix somewhere, or an attribute that is not known.
    """
    found: list[dict[str, str]] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        if name == tag and set(attributes) <= known:
            found.append(attributes)
        elif name.rpartition(":")[2] == tag:
            raise KeyError(name)

    parser = guarded_parser(tag)
    parser.StartElementHandler = start
    feed(tag, parser, xml)
    return found
