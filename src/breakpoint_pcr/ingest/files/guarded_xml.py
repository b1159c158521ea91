"""XML of instruments, guarded: what every reader of it shares.

Document types and entities are refused at their first letter: no instrument writes them.
"""

import re
from collections.abc import Callable
from xml.parsers import expat

from breakpoint_pcr.errors import ExportError

TAG_BYTES_MAX = 100_000
CHUNK_BYTES = 65_536
# The encoding that an XML declares.
DECLARED = re.compile(
    rb"""(?:\xef\xbb\xbf)?\s{0,20}<\?xml[^<>]{0,60}\sencoding\s{0,9}=\s{0,9}["']([\w.:-]{1,40})["']"""
)
# What expat reads by itself, and what Python reads for it; others (punycode) take their time.
KNOWN = re.compile(r"utf-?8|utf-?16.{0,3}|us-ascii|iso-8859-1")
OTHERS = re.compile(
    r"(?:gb|big5|shift|sjis|euc|ks_c|koi8|tis|windows-|cp|iso-?8859|latin|mac)[\w.:-]{0,30}"
)
DAMAGED = "copy or export it again"


def guarded_parser(file: str, encoding: str | None = None) -> expat.XMLParserType:
    """Return a parser that refuses document types and entities; an encoding overrules the XML."""
    parser = expat.ParserCreate(encoding)
    parser.buffer_text = True
    parser.buffer_size = CHUNK_BYTES
    parser.StartDoctypeDeclHandler = _refuser(file)
    parser.EntityDeclHandler = _refuser(file)
    return parser


def feed(file: str, parser: expat.XMLParserType, xml: bytes) -> None:
    """Parse a whole text.

    Raises:
        ExportError: No well-formed XML, an endless tag, or an encoding that cannot be read.
    """
    try:
        for start in range(0, len(xml) or 1, CHUNK_BYTES):
            parser.Parse(xml[start : start + CHUNK_BYTES], start + CHUNK_BYTES >= len(xml))
            if start - parser.CurrentByteIndex > TAG_BYTES_MAX:
                raise ExportError(
                    file,
                    f"XML tag of more than {TAG_BYTES_MAX} bytes; {DAMAGED}",
                    parser.CurrentLineNumber,
                )
    except expat.ExpatError as problem:
        raise ExportError(
            file, f"damaged XML ({expat.ErrorString(problem.code)}); {DAMAGED}", problem.lineno
        ) from None
    except (ValueError, LookupError):  # an encoding that Python does not know, or not byte by byte
        raise ExportError(file, f"XML in an encoding that cannot be read; {DAMAGED}") from None


def readable(file: str, xml: bytes) -> tuple[bytes, str | None]:
    """Return the XML as UTF-8 where it says an encoding that expat does not know, such as GB2312.

    The second part is the encoding that counts, whatever the XML says; None: as it says.
    """
    declared = DECLARED.match(xml)
    name = declared[1].decode("ascii").casefold() if declared else ""
    if not declared or KNOWN.fullmatch(name):
        return xml, None
    try:
        if OTHERS.fullmatch(name):
            return xml.decode(name).encode("utf-8"), "utf-8"
    except (UnicodeError, LookupError):
        pass
    raise ExportError(file, f"XML in an encoding that cannot be read; {DAMAGED}")


def _refuser(file: str) -> Callable[..., None]:
    def refuse(*_: object) -> None:
        raise ExportError(
            file, "XML with a document type or entities; no instrument writes that; export again"
        )

    return refuse
