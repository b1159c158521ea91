"""Guards for zip archives, checked before anything in them is opened. Nothing is ever extracted."""

import struct
import zipfile
from io import BytesIO

from breakpoint_pcr.errors import ExportError

# Real exports reach 21.6 MB in all, 11.7 MB and ratio 101 a member, 275 members (45 files).
TOTAL_BYTES_MAX = 100_000_000
MEMBER_BYTES_MAX = 50_000_000
MEMBERS_MAX = 5_000
# The list of members is taken apart as a whole, so it is weighed first; real ones reach 22 KB.
DIRECTORY_BYTES_MAX = 1_000_000
DIRECTORY_ENTRY, DIRECTORY_END, DIRECTORY_END_64 = b"PK\x01\x02", b"PK\x05\x06", b"PK\x06\x06"
# From the record of the end back to that of 64 bits, and from its start to the size.
BACK_TO_64, SIZE_64, SIZE_32, END_BYTES = 76, 40, 12, 22
RATIO_MAX = 200
RATIO_COUNTS_FROM_BYTES = 10_000_000
ENCRYPTED = 0x1
# Others may ask for gigabytes before the first byte comes out.
PACKINGS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})


def open_archive(name: str, content: bytes) -> zipfile.ZipFile:
    """Open a zip archive in memory.

    Raises:
        ExportError: The archive is damaged, or lists more members than an instrument writes.
    """
    _check_directory(name, content)
    try:
        return zipfile.ZipFile(BytesIO(content))
    except (zipfile.BadZipFile, ValueError, OverflowError, NotImplementedError):
        raise ExportError(
            name, "damaged zip archive; expected a whole file; copy or export it again"
        ) from None


def _check_directory(name: str, content: bytes) -> None:
    """Refuse a list of members that alone would take seconds and gigabytes."""
    count, size = content.count(DIRECTORY_ENTRY), _directory_bytes(content)
    problem = _count_problem(count)
    if size > DIRECTORY_BYTES_MAX:
        problem = f"list of members of {size} bytes, at most {DIRECTORY_BYTES_MAX} expected"
    if problem:
        raise ExportError(name, f"{problem}; no instrument writes that; export again")


def _count_problem(count: int) -> str:
    if count > MEMBERS_MAX:
        return f"archive of {count} members, at most {MEMBERS_MAX} expected"
    return ""


def _directory_bytes(content: bytes) -> int:
    """Return the size of the list of members as the end of the file gives it; 0 without an end."""
    end = content.rfind(DIRECTORY_END)
    large = end - BACK_TO_64
    if large >= 0 and content.startswith(DIRECTORY_END_64, large):
        return struct.unpack_from("<Q", content, large + SIZE_64)[0]
    if 0 <= end <= len(content) - END_BYTES:
        return struct.unpack_from("<L", content, end + SIZE_32)[0]
    return 0


def plain_name(member: str) -> str:
    """Return the name of a member with slashes and in small letters.

    The workbooks of CFX Manager and Maestro name theirs with backslashes and in small letters.
    """
    return member.replace("\\", "/").casefold()


def check_archive(name: str, archive: zipfile.ZipFile) -> None:
    """Refuse what no instrument writes.

    Raises:
        ExportError: Too many, too large or encrypted members, a name stands twice or leads out.
    """
    members = archive.infolist()
    if problem := _size_problem(members) or next(filter(None, map(_member_problem, members)), ""):
        raise ExportError(name, f"{problem}; no instrument writes that; export again")
    if len({member.filename for member in members}) < len(members):
        raise ExportError(name, "two archive members have one name; export again")


def _size_problem(members: list[zipfile.ZipInfo]) -> str:
    if problem := _count_problem(len(members)):
        return problem
    total = sum(member.file_size for member in members)
    if total > TOTAL_BYTES_MAX:
        return f"archive unpacks to {total} bytes, at most {TOTAL_BYTES_MAX} expected"
    return ""


def _member_problem(member: zipfile.ZipInfo) -> str:
    label = repr(member.filename[:60])
    size, packed = member.file_size, max(member.compress_size, 1)
    if member.flag_bits & ENCRYPTED:
        return f"archive member {label} is encrypted"
    if member.compress_type not in PACKINGS:
        return f"archive member {label} is packed in a way that zip files seldom use"
    path = member.filename.replace("\\", "/")
    if ".." in path.split("/") or path.startswith("/"):
        return f"archive member {label} leads out of the archive"
    if size > MEMBER_BYTES_MAX or (size > RATIO_COUNTS_FROM_BYTES and size / packed > RATIO_MAX):
        return f"archive member {label} unpacks from {packed} to {size} bytes"
    return ""


def read_member(name: str, archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    """Return the content of a member.

    Raises:
        ExportError: The member is damaged.
    """
    content = read_head(name, archive, member, size=member.file_size + 1)
    if len(content) != member.file_size:
        raise _damaged(name, member)
    return content


def read_head(name: str, archive: zipfile.ZipFile, member: zipfile.ZipInfo, *, size: int) -> bytes:
    """Return the first bytes of a member; no more is unpacked, whatever the member holds.

    Raises:
        ExportError: The member is damaged.
    """
    try:
        with archive.open(member) as file:
            return file.read(size)
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, ValueError, RuntimeError):
        pass
    except Exception as problem:  # zlib.error and lzma.LZMAError share no base
        if type(problem).__module__ not in ("zlib", "_lzma"):
            raise
    raise _damaged(name, member)


def _damaged(name: str, member: zipfile.ZipInfo) -> ExportError:
    return ExportError(
        name, f"archive member {member.filename[:60]!r} is damaged; copy or export it again"
    )
