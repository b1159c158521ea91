"""Mutations of export files: bytes, lines, cells, columns and numbers, all from one random source.

An archive is mutated as it stands, or in one of its members and packed again.
"""

import html
import io
import re
import warnings
import zipfile
from collections.abc import Callable
from random import Random

ZIP_MAGIC = b"PK"
NUMBER = re.compile(r"[-+]?[0-9]+(?:[.,][0-9]+)*(?:[eE][-+]?[0-9]+)?")
# What a Ct, a well, a cycle or a count may be replaced by.
ODD = (
    *("", "-", "0", "-1", "40.0", "100", "36", "36.0", "NaN", "nan", "inf", "-inf", "1e999"),
    *("1e-400", "1e3", "36,5", "1,234", "1,234.5", "1.234,5", "1 234", "1'234", "１２", "٣٦", "²"),
    *("0x24", "1_000", "--3", "3-", "+.5", ".", ",", "9" * 50, "9" * 5000, "Undetermined"),
    *(
        "UNDETERMINED",
        "Undet.",
        "N/A",
        "No Ct",
        "n. def.",
        "TRUE",
        "null",
        "None",
        "A1",
        "A01",
        "P24",
    ),
    *("Q1", "A0", "A25", "1.0", "385", "=1+1", "@x", '"', '""', "'", "\\", "\t", ";", "\n", "\r"),
    *("\0", "\ufeff", "\u200b", "\u2028", "Δ", "т", "样本", "😀", "{}", "[Results]", "* a = b"),
    *(
        "<x>",
        "</run>",
        "&amp;",
        "&x;",
        "]]>",
        "<!DOCTYPE a>",
        "../../x",
        "x" * 300,
        "Well",
        "Ct",
        "Cq",
    ),
)
ENCODINGS = ("utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030", "cp1252", "latin-1")
DELIMITERS = ",;\t"
# Shares of the cases.
IN_MEMBER, AS_BYTES, ENCODED, OTHER_MARK = 0.8, 0.1, 0.05, 0.9
LINE_ENDS = ("\r\n", "\r", "\n\r", "\n\n", "\n")

Mutation = Callable[[str, Random], str]


def mutate(content: bytes, rng: Random) -> bytes:
    """Return the content after one to four mutations."""
    for _ in range(rng.choice((1, 1, 1, 1, 2, 4))):
        content = _once(content, rng)
    return content


def _once(content: bytes, rng: Random) -> bytes:
    if not content:
        return rng.choice(ODD).encode()
    if content.startswith(ZIP_MAGIC) and rng.random() < IN_MEMBER:
        return _in_member(content, rng)
    if rng.random() < AS_BYTES or b"\0" in content[:1000]:
        return _bytes(content, rng)
    if rng.random() < ENCODED:
        return _encoded(content, rng)
    text = content.decode("utf-8", "surrogateescape")
    mutations = XML_MUTATIONS if text.lstrip()[:1] == "<" else MUTATIONS
    return rng.choice(mutations)(text, rng).encode("utf-8", "surrogateescape")


def _in_member(content: bytes, rng: Random) -> bytes:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = [(info.filename, archive.read(info)) for info in archive.infolist()]
    except Exception:
        return _bytes(content, rng)
    if not members:
        return _bytes(content, rng)
    index = rng.randrange(len(members))
    name, data = members[index]
    kind = rng.choice(("content",) * 12 + ("delete", "twice", "name"))
    if kind == "content":
        members[index] = name, _once(data, rng)
    elif kind == "delete":
        del members[index]
    elif kind == "twice":
        members.insert(index, members[index])
    else:
        members[index] = rng.choice((f"../{name}", name.upper(), f"x/{name}", "a.xml")), data
    out = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        warnings.simplefilter("ignore")
        for name, data in members:
            archive.writestr(name, data)
    return out.getvalue()


def _bytes(content: bytes, rng: Random) -> bytes:
    data = bytearray(content)
    for _ in range(rng.choice((1, 1, 3, 10))):
        place = rng.randrange(len(data) + 1)
        span = rng.choice((1, 1, 2, 8, 64, 1000))
        kind = rng.choice(("replace", "delete", "insert", "repeat", "cut"))
        if kind == "replace":
            data[place : place + span] = rng.randbytes(len(data[place : place + span]))
        elif kind == "delete":
            del data[place : place + span]
        elif kind == "insert":
            data[place:place] = rng.randbytes(span)
        elif kind == "repeat":
            data[place:place] = data[place : place + span] * rng.choice((1, 2, 50))
        else:
            del data[rng.randrange(len(data) + 1) :]
    return bytes(data)


def _encoded(content: bytes, rng: Random) -> bytes:
    text = content.decode("utf-8", "replace")
    return text.encode(rng.choice(ENCODINGS), "replace")


def _lines(text: str, rng: Random) -> str:
    lines = re.split(r"(?<=\n)", text) if "\n" in text else re.split(r"(?<=>)", text)
    first, second = rng.randrange(len(lines)), rng.randrange(len(lines))
    kind = rng.choice(("delete", "insert", "exchange", "delete many", "insert many", "shuffle"))
    if kind == "delete":
        del lines[first]
    elif kind == "insert":
        lines.insert(first, lines[second])
    elif kind == "exchange":
        lines[first], lines[second] = lines[second], lines[first]
    elif kind == "delete many":
        del lines[first : first + rng.choice((2, 10, 100))]
    elif kind == "insert many":
        lines[first:first] = lines[second : second + rng.choice((2, 10, 100))]
    else:
        rng.shuffle(lines)
    return "".join(lines)


def _line_ends(text: str, rng: Random) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text.replace("\n", rng.choice(LINE_ENDS))


def _rows(text: str) -> tuple[str, list[list[str]]]:
    """Return the commonest delimiter and the cells of each line; quotes are not looked at."""
    delimiter = max(DELIMITERS, key=text.count)
    return delimiter, [line.split(delimiter) for line in text.split("\n")]


def _joined(delimiter: str, rows: list[list[str]]) -> str:
    return "\n".join(delimiter.join(row) for row in rows)


def _cells(text: str, rng: Random) -> str:
    delimiter, rows = _rows(text)
    for _ in range(rng.choice((1, 1, 2, 5))):
        row = rng.choice(rows)
        place, other = rng.randrange(len(row)), rng.choice(rows)
        kind = rng.choice(("replace", "copy", "insert", "delete", "append"))
        if kind == "replace":
            row[place] = rng.choice(ODD)
        elif kind == "copy":
            row[place] = rng.choice(other)
        elif kind == "insert":
            row.insert(place, rng.choice(ODD))
        elif kind == "delete" and len(row) > 1:
            del row[place]
        else:
            row[place] = f"{row[place]}{rng.choice(ODD)}"
    return _joined(delimiter, rows)


def _columns(text: str, rng: Random) -> str:
    delimiter, rows = _rows(text)
    width = max(map(len, rows))
    first, second = rng.randrange(width), rng.randrange(width)
    kind, word = rng.choice(("delete", "copy", "exchange", "replace", "insert")), rng.choice(ODD)
    for row in rows:
        if max(first, second) >= len(row):
            continue
        if kind == "delete":
            del row[first]
        elif kind == "copy":
            row.insert(first, row[second])
        elif kind == "exchange":
            row[first], row[second] = row[second], row[first]
        elif kind == "replace":
            row[first] = word
        else:
            row[first:first] = [word]
    return _joined(delimiter, rows)


def _numbers(text: str, rng: Random) -> str:
    found = list(NUMBER.finditer(text))
    for match in sorted(
        (rng.choice(found) for _ in range(rng.choice((1, 1, 3, 20)) if found else 0)),
        key=lambda m: -m.start(),
    ):
        text = f"{text[: match.start()]}{_number(match[0], rng)}{text[match.end() :]}"
    return text


def _number(old: str, rng: Random) -> str:
    kind = rng.choice(("odd", "comma", "digit", "minus", "append", "other"))
    if kind == "odd" or not old:
        return rng.choice(ODD)
    if kind == "comma":
        return old.replace(".", ",") if "." in old else f"{old},5"
    if kind == "digit":
        place = rng.randrange(len(old))
        return f"{old[:place]}{rng.randrange(10)}{old[place + 1 :]}"
    if kind == "minus":
        return f"-{old}"
    if kind == "append":
        return f"{old}{rng.choice('0123456789.,eE-+ ')}"
    return f"{rng.uniform(-50, 5000):.{rng.randrange(7)}f}"


def _elements(text: str, rng: Random) -> str:
    """Exchange, empty or replace what stands between the tags of an XML, well-formed as it was."""
    parts = re.split(r"(<[^<>]*>)", text)
    inner = [index for index in range(0, len(parts), 2) if parts[index].strip()]
    for _ in range(rng.choice((1, 1, 2, 5)) if inner else 0):
        place, kind = rng.choice(inner), rng.choice(("odd", "exchange", "copy", "number"))
        if kind == "odd":
            parts[place] = html.escape(rng.choice(ODD))
        elif kind == "exchange":
            other = rng.choice(inner)
            parts[place], parts[other] = parts[other], parts[place]
        elif kind == "copy":
            parts[place] = parts[rng.choice(inner)]
        else:
            parts[place] = _number(parts[place], rng)
    return "".join(parts)


def _all_commas(text: str, rng: Random) -> str:
    """Turn the decimal mark of every number, or of every tenth, or group digits in threes."""
    share = rng.choice((1.0, 1.0, 0.1))

    def turned(match: re.Match[str]) -> str:
        if rng.random() > share:
            return match[0]
        return match[0].replace(".", ",") if rng.random() < OTHER_MARK else f"1,{match[0]}"

    return NUMBER.sub(turned, text)


def _delimiters(text: str, rng: Random) -> str:
    old, new = max(DELIMITERS, key=text.count), rng.choice(DELIMITERS)
    return text.replace(old, new)


def _odd(text: str, rng: Random) -> str:
    place = rng.randrange(len(text) + 1)
    return f"{text[:place]}{rng.choice(ODD)}{text[place:]}"


def _cut(text: str, rng: Random) -> str:
    return text[: rng.randrange(len(text) + 1)]


# Often what keeps the file readable: that is where a wrong Ct would come from.
MUTATIONS: tuple[Mutation, ...] = (
    *(_lines, _lines, _lines, _cells, _cells, _cells, _cells, _columns, _columns, _columns),
    *(
        _numbers,
        _numbers,
        _numbers,
        _numbers,
        _all_commas,
        _delimiters,
        _line_ends,
        _odd,
        _odd,
        _cut,
    ),
)
XML_MUTATIONS: tuple[Mutation, ...] = (
    *((_elements,) * 10),
    *(_numbers, _numbers, _lines, _lines, _all_commas, _line_ends, _odd, _cut),
)
