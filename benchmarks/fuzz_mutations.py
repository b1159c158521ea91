"""Mutations of export files: bytes, lines, cells, columns and numbers, all from one random source.

An archive is mutated as it stands, or in one of its members and packed again. A folder of exports
is mutated by taking files of another plate, by exchanging, copying and leaving out files.
"""

import html
import io
import re
import warnings
import zipfile
from collections.abc import Callable, Mapping
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
ATTRIBUTE = re.compile(r"\s[\w:.-]+=\"([^\"<>]*)\"")
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


def mutate_folder(
    files: Mapping[str, bytes], others: Mapping[str, bytes], rng: Random
) -> dict[str, bytes]:
    """Return the files of a run mixed with those of another plate, or among themselves."""
    names, result = list(files), dict(files)
    first, second, foreign = rng.choice(names), rng.choice(names), rng.choice(list(others))
    kind = rng.choice(("foreign", "renamed", "both", "exchange", "copy", "leave", "halves"))
    if kind == "foreign":
        del result[first]
        result[foreign] = others[foreign]
    elif kind == "renamed":
        result[first] = others[foreign]
    elif kind == "both":
        result |= {f"b {name}": content for name, content in others.items()}
    elif kind == "exchange":
        result[first], result[second] = files[second], files[first]
    elif kind == "copy":
        result[f"Copy of {first}"] = files[first]
    elif kind == "leave" and len(names) > 1:
        del result[first]
    else:
        result[first] = _halves(files[first], others[foreign], rng)
    return result


def _halves(first: bytes, second: bytes, rng: Random) -> bytes:
    """Return the lines of one file up to some place, then those of the other."""
    lines, more = first.split(b"\n"), second.split(b"\n")
    place = rng.randrange(min(len(lines), len(more)) + 1)
    return b"\n".join([*lines[:place], *more[place:]])


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
    other = rng.randrange(len(members))
    kind = rng.choice(("content",) * 12 + ("delete", "twice", "name", "exchange", "cut"))
    if kind == "content":
        members[index] = name, _once(data, rng)
    elif kind == "delete":
        del members[index]
    elif kind == "twice":
        members.insert(index, members[index])
    elif kind == "exchange":
        members[index], members[other] = (name, members[other][1]), (members[other][0], data)
    elif kind == "cut":
        members[index] = name, data[: rng.randrange(len(data) + 1)]
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
    kinds = ("delete", "insert", "twice", "exchange", "delete many", "insert many", "shuffle")
    kind = rng.choice(kinds)
    if kind == "delete":
        del lines[first]
    elif kind == "insert":
        lines.insert(first, lines[second])
    elif kind == "twice":
        lines.insert(first, lines[first])
    elif kind == "exchange":
        lines[first], lines[second] = lines[second], lines[first]
    elif kind == "delete many":
        del lines[first : first + rng.choice((2, 10, 100))]
    elif kind == "insert many":
        lines[first:first] = lines[second : second + rng.choice((2, 10, 100))]
    else:
        rng.shuffle(lines)
    return "".join(lines)


def _headings(text: str, rng: Random) -> str:
    """Take out a line that opens a section or a table: one with a bracket, or without a number."""
    lines = text.split("\n")
    places = [n for n, line in enumerate(lines) if line.strip() and not re.search("[0-9]", line)]
    if places:
        del lines[rng.choice(places)]
    return "\n".join(lines)


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
    kinds = ("delete", "copy", "exchange", "replace", "insert", "shift", "shift")
    kind, word = rng.choice(kinds), rng.choice(ODD)
    if kind == "shift":
        _shift(rows, first, rng)
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
        elif kind == "insert":
            row[first:first] = [word]
    return _joined(delimiter, rows)


def _shift(rows: list[list[str]], column: int, rng: Random) -> None:
    """Move a column up or down by a row or a few, from some row on, as a curve by a cycle."""
    start = rng.randrange(len(rows))
    inside = [row for row in rows[start:] if len(row) > column]
    cells = [row[column] for row in inside]
    by = rng.choice((1, 1, -1, -1, 2, 12))
    for row, cell in zip(inside, [*cells[-by:], *cells[:-by]], strict=True):
        row[column] = cell


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


def _attributes(text: str, rng: Random) -> str:
    """Change the value of one attribute of an XML, or give it that of another."""
    found = list(ATTRIBUTE.finditer(text))
    if not found:
        return text
    one, other = rng.choice(found), rng.choice(found)
    new = rng.choice((other[1], html.escape(rng.choice(ODD)), _number(one[1], rng)))
    return f"{text[: one.start(1)]}{new}{text[one.end(1) :]}"


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
        _headings,
        _line_ends,
        _odd,
        _odd,
        _cut,
    ),
)
XML_MUTATIONS: tuple[Mutation, ...] = (
    *((_elements,) * 10),
    *((_attributes,) * 3),
    *(_numbers, _numbers, _lines, _lines, _all_commas, _line_ends, _odd, _cut),
)
