"""The members of an EDS file, opened under limits: text, XML without DTD, JSON."""

import json
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, cast

from defusedxml import DefusedXmlException

from breakpoint_pcr.errors import ExportError
from breakpoint_pcr.ingest.files.archive import check_archive, open_archive, read_member
from breakpoint_pcr.ingest.files.extent import check_tree
from breakpoint_pcr.ingest.wells import PLATES, plate_wells_of, well_of

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

# A plate setup of 384 wells has 0.6 MB, the results of 384 wells and six dyes some 5 MB.
PART_BYTES_MAX = 30_000_000
MANIFESTS = ("Manifest.mf", "apldbio/sds/Manifest.mf")
# Titles that name a library, not the software.
LIBRARY = "File API"
MANIFEST_LINE = re.compile(r"([A-Za-z-]{1,60}): ?([^\r\n]{0,200})")
YEAR_MIN = 1990
WHOLE = re.compile(r"-?[0-9]{1,9}")

Object = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Archive:
    """An EDS file, opened."""

    file: str
    content: zipfile.ZipFile

    def bytes_of(self, member: str) -> bytes | None:
        """Return a member; None where the archive lacks it.

        Raises:
            ExportError: The member is damaged or too large.
        """
        try:
            info = self.content.getinfo(member)
        except KeyError:
            return None
        if info.file_size > PART_BYTES_MAX:
            raise ExportError(
                self.file,
                f"{member} of {info.file_size} bytes, at most {PART_BYTES_MAX} expected; "
                "export the run again",
            )
        content = read_member(self.file, self.content, info)
        if member.endswith((".xml", ".json")):
            check_tree(f"{self.file} {member}", content)
        return content

    def text_of(self, member: str) -> str | None:
        """Return a member as text; None where the archive lacks it.

        Raises:
            ExportError: The member is damaged or no UTF-8.
        """
        content = self.bytes_of(member)
        try:
            return None if content is None else content.decode("utf-8-sig")
        except UnicodeDecodeError:
            raise self.damaged(member) from None

    def xml_of(self, member: str) -> "Element | None":
        """Return the root of an XML member; None where the archive lacks it.

        Raises:
            ExportError: The member is no XML, or has a DTD.
        """
        from xml.etree.ElementTree import ParseError  # noqa: PLC0415

        from defusedxml.ElementTree import fromstring  # noqa: PLC0415

        content = self.bytes_of(member)
        try:
            return None if content is None else fromstring(content, forbid_dtd=True)
        except (ParseError, DefusedXmlException, ValueError, LookupError):
            raise self.damaged(member) from None

    def json_of(self, member: str) -> Object | None:
        """Return a JSON member, which is an object; None where the archive lacks it.

        Raises:
            ExportError: The member is no JSON, or no object.
        """
        text = self.text_of(member)
        if text is None:
            return None
        try:
            found: object = json.loads(text, object_pairs_hook=_object)
        except (ValueError, RecursionError):
            raise self.damaged(member) from None
        if not isinstance(found, dict):
            raise self.damaged(member)
        return cast("Object", found)

    def damaged(self, member: str) -> ExportError:
        """Return the error for a member that is not what it should be."""
        return ExportError(
            self.file, f"{member} is damaged or of an unknown version; export the run as xlsx"
        )

    def software(self) -> str:
        """Return the software and its version as the manifest names them."""
        for name in MANIFESTS:
            text = self.text_of(name)
            if text is not None:
                said = {match[1]: match[2] for match in MANIFEST_LINE.finditer(text)}
                title = said.get("Implementation-Title", "")
                names = ("" if LIBRARY in title else title, said.get("Implementation-Version", ""))
                return " ".join(name for name in names if name)
        return ""


def _object(pairs: list[tuple[str, object]]) -> Object:
    """Return a JSON object; of two values under one key nobody can tell which counts."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key stands twice")
    return found


def open_eds(file: str, content: bytes) -> Archive:
    """Open an EDS file.

    Raises:
        ExportError: The archive is damaged or hostile.
    """
    archive = open_archive(file, content)
    check_archive(file, archive)
    return Archive(file, archive)


def whole_of(text: str) -> int:
    """Return a whole number written in plain digits; `int` alone reads `1_0` as 10.

    Raises:
        ValueError: It is none.
    """
    if not WHOLE.fullmatch(text.strip()):
        raise ValueError(f"{text[:20]!r} is no whole number")
    return int(text)


def well_at(index: int, plate_wells: int) -> str:
    """Return the well of an index, counted along the rows from 0.

    Raises:
        ValueError: The plate has no such well.
    """
    return well_of(str(index + 1), plate_wells)


def plate_of(rows: int, columns: int) -> int | None:
    """Return the wells of a plate of so many rows and columns; None if it is none of the usual."""
    return next((wells for wells, size in PLATES.items() if size == (rows, columns)), None)


def plate_of_block(block: str) -> int | None:
    """Return the wells that a block type such as `BLOCK_384W` names; None if it names none."""
    return plate_wells_of(block.replace("W", " "))


def date_of(milliseconds: object) -> str:
    """Return the date (UTC) of a time in milliseconds since 1970; empty where that is none."""
    try:
        moment = datetime.fromtimestamp(float(str(milliseconds)) / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        return ""
    return moment.date().isoformat() if moment.year >= YEAR_MIN else ""
