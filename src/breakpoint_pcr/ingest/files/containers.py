"""Zip archives and OLE2 files: workbooks, EDS files and others, told by what lies in them."""

from breakpoint_pcr.errors import ExportError
from breakpoint_pcr.ingest.files.archive import open_archive, plain_name
from breakpoint_pcr.ingest.files.biff import check_records
from breakpoint_pcr.ingest.files.compound import read_streams
from breakpoint_pcr.ingest.files.source import EDS_DESCRIBED, OLE_MAGIC, Content, Source
from breakpoint_pcr.ingest.files.workbook import XLSX_MEMBER, open_book, open_xlsx

EDS_FOLDERS = ("apldbio/", "primary/", "setup/plate_setup.json")
XLS_STREAMS = ("Workbook", "Book")
ENCRYPTED_STREAM = "EncryptedPackage"


def open_container(name: str, content: bytes) -> Source:
    """Tell what a zip archive or OLE2 file is, and open it where it is a workbook.

    Raises:
        ExportError: It is damaged, hostile or has a password.
    """
    return _ole(name, content) if content.startswith(OLE_MAGIC) else _archive(name, content)


def _archive(name: str, content: bytes) -> Source:
    archive = open_archive(name, content)
    members = archive.namelist()
    if any(member.startswith(EDS_FOLDERS) for member in members):
        # Some hold an xl/ folder as well.
        return Source(name, Content.OTHER, EDS_DESCRIBED, content)
    if XLSX_MEMBER not in map(plain_name, members):
        return Source(name, Content.OTHER, "zip archive", content)
    book = open_xlsx(name, content, archive)
    return Source(name, Content.WORKBOOK, "xlsx workbook", content, book=book)


def _ole(name: str, content: bytes) -> Source:
    """Tell an xls from other OLE2 files by its streams."""
    streams = read_streams(name, content)
    if ENCRYPTED_STREAM in streams:
        raise ExportError(name, "workbook with a password; save it without one")
    books = [streams[stream] for stream in XLS_STREAMS if stream in streams]
    if not books:
        return Source(name, Content.OTHER, "OLE2 file", content)
    for book in books:
        check_records(name, book)
    return Source(name, Content.WORKBOOK, "xls workbook", content, book=open_book(name, content))
