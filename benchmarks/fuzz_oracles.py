"""What must be true of every export that was read, as this check understands files, not readers.

In a text with a line per reaction, the line that holds a Ct must hold its well and its target; no
sample may be named that the files do not name, and no file of so many lines gives more reactions.
"""

import html
import re
from collections.abc import Iterable, Iterator, Sequence

from breakpoint_pcr.tables import Reaction, State

# Columns of the plates and of a rotor drawn as one, by which a number names a well.
PLATE_COLUMNS = (6, 8, 12, 24)
LINE_END = re.compile(r"\r\n|\r|\n")
TOKEN_END = re.compile(r"[\t,;\"]")
# A cell that begins with a quote and has no end yet.
OPEN = re.compile(r"(?:^|[\t,;])\"(?:[^\"]|\"\")*$")
# A name that every wrapping writes letter by letter.
SIMPLE = re.compile(r"[A-Za-z0-9./ -]*[A-Za-z0-9]")
# Of a name, what no cleaning takes away.
DROSS = re.compile(r"[^A-Za-z0-9./-]+")


def problem_of_rows(reactions: Sequence[Reaction], contents: Iterable[bytes]) -> str:
    """Return the first reaction of lines of text that stands in none of them."""
    contents = list(contents)
    lines = [line for content in contents if _is_lines(content) for line in _lines(content)]
    if len(lines) < 2 or not all(map(_is_lines, contents)):  # noqa: PLR2004
        return ""
    if len(reactions) > len(lines):
        return f"{len(reactions)} reactions are not in the file, which has {len(lines)} lines"
    tokens = [{token.strip() for token in TOKEN_END.split(line)} for line in lines]
    for reaction in reactions:
        if problem := _problem(reaction, lines, tokens):
            return problem
    return ""


def problem_of_samples(reactions: Iterable[Reaction], texts: Iterable[str]) -> str:
    """Return the first sample that no file names."""
    whole = ""
    for sample in dict.fromkeys(reaction.sample for reaction in reactions):
        if not SIMPLE.fullmatch(sample):
            continue
        whole = whole or DROSS.sub("", html.unescape("\n".join(texts)))
        if DROSS.sub("", sample) not in whole:
            return f"sample {sample!r} is not in the file"
    return ""


def _problem(reaction: Reaction, lines: Sequence[str], tokens: Sequence[set[str]]) -> str:
    if reaction.ct is None or reaction.state is not State.OK or not reaction.ct_text.isascii():
        return ""
    own = _lines_of(reaction.well, tokens)
    with_ct = [index for index in own if reaction.ct_text in lines[index]]
    what = f"Ct {reaction.ct_text} of {reaction.well} {reaction.target!r}"
    if not with_ct:
        return f"{what}: not in the file in a line of its well"
    target = reaction.target
    if not SIMPLE.fullmatch(target) or not any(target in tokens[index] for index in own):
        return ""
    if any(target in lines[index] for index in with_ct):
        return ""
    return f"{what}: not in the file in a line of its target"


def _lines_of(well: str, tokens: Sequence[set[str]]) -> list[int]:
    """Return the lines that name a well; its number counts only where no line has its letter."""
    row, column = well[0], int(well[1:])
    letters = {f"{letter}{number}" for letter in (row, row.lower()) for number in _digits(column)}
    numbers = {(ord(row) - ord("A")) * columns + column for columns in PLATE_COLUMNS}
    for names in (letters, {f"{number}{end}" for number in numbers for end in ("", ".0")}):
        if found := [n for n, own in enumerate(tokens) if not names.isdisjoint(own)]:
            return found
    return []


def _digits(column: int) -> tuple[str, ...]:
    return str(column), f"{column:02d}"


def _is_lines(content: bytes) -> bool:
    head = content.lstrip(b"\xef\xbb\xbf\xff\xfe\0 \r\n\t")[:4]
    return not head.startswith((b"PK", b"\xd0\xcf", b"<", b"{"))


def _lines(content: bytes) -> Iterator[str]:
    """Yield the lines that hold anything; a quoted cell may hold the end of one."""
    text, whole = content.replace(b"\0", b"").decode("latin-1"), ""
    for line in LINE_END.split(text):
        whole = f"{whole}\n{line}" if whole else line
        if not OPEN.search(whole):
            if whole.strip():
                yield whole
            whole = ""
    if whole:
        yield whole
