"""Which run of a Bio-Rad CFX a file is of: its name tells it, and what it says of itself.

The software names its files `RUN -  TABLE_DYE`, with `_0` for a table of all dyes; early versions
write `Quantitation Ct Results`. Laboratories put hyphens or underscores for the blanks. The run
information (a file and a sheet of its own; lines above the table in a custom export) names the
.pcrd file of the run, the software, and its start: month first, UTC, in any region of Windows.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from breakpoint_pcr.ingest.cells import Cell, text_of
from breakpoint_pcr.ingest.dates import iso_date
from breakpoint_pcr.ingest.formats.sections import folded

# A blank, hyphen or underscore within the software's own names.
GAP = r"[ _-]+"
NAME = re.compile(
    rf"(?P<run>.*?)[ _-]*Quanti[a-z]*{GAP}"
    rf"(?:(?:Cq|Ct|C\(t\)){GAP}Results|Amplification{GAP}Results|Summary)"
    rf"(?:{GAP}(?P<dye>.+?))??(?:_[0-9])?(?: ?\([0-9]\))?",
    re.IGNORECASE,
)
INFORMATION_NAME = re.compile(
    rf"(?P<run>.*?)[ _-]*Run{GAP}Information(?: ?\([0-9]\))?", re.IGNORECASE
)
START = re.compile(r"(?P<month>[0-9]{2})/(?P<day>[0-9]{2})/(?P<year>[0-9]{4}) [0-9:]{8} UTC")
VERSION = re.compile(r"(cfx (?:manager|maestro).{0,20}?) version")
FILE, STARTED = "file name", "run started"
SUFFIX = ".pcrd"
LINES_MAX = 40
PARTS = re.compile(r"[,;\t]")
# A spreadsheet fills each line up to the width of the table below.
PADDING = ' ",;\t'
MONTHS, DAYS = 12, 31


@dataclass(frozen=True, slots=True)
class RunInformation:
    """What a file says of its run; empty where it does not."""

    run: str = ""
    date: str = ""
    software: str = ""


def run_and_dye(file: str) -> tuple[str, str]:
    """Return run and dye as the file's name tells them; empty where it does not."""
    match = NAME.fullmatch(PurePath(file).stem)
    if not match:
        return "", ""
    return plain_run(match["run"]), (match["dye"] or "").replace("_", " ").strip()


def plain_run(name: str) -> str:
    """Return the name of a run in one spelling, whatever stands for its blanks."""
    return " ".join(re.split(GAP, name)).strip()


def plain_dye(name: str) -> str:
    """Return a dye as files and sheets may spell it: no case, no blanks, hyphens, underscores."""
    return re.sub(GAP, "", name).casefold()


def information_of(lines: Iterable[Sequence[Cell]]) -> RunInformation:
    """Return what lines of key and value say of the run."""
    said = {folded(text_of(cells[0])): text_of(cells[1]) for cells in lines if len(cells) > 1}
    found = next((match[1] for key in said if (match := VERSION.fullmatch(key))), "")
    software = ""
    if found:
        named = f"CFX {found.removeprefix('cfx ').title()}"
        software = f"{named} {said[f'{found} version'].rstrip(' .')}".strip()
    file = re.split(r"[\\/]", said.get(FILE, ""))[-1]
    run = plain_run(file[: -len(SUFFIX)]) if file.casefold().endswith(SUFFIX) else ""
    return RunInformation(run, _date(said.get(STARTED, "")), software)


def information_in(text: str) -> RunInformation:
    """Return what the first lines of a text say of the run."""
    lines = text.split("\n", LINES_MAX)[:LINES_MAX]
    return information_of(
        [part.strip(PADDING) for part in PARTS.split(line, maxsplit=1)] for line in lines
    )


def is_information(found: RunInformation, name: str) -> bool:
    """Tell a file of run information by what it says and what it is called."""
    named = bool(INFORMATION_NAME.fullmatch(PurePath(name).stem))
    return bool(found.run and (found.date or found.software or named))


def _date(text: str) -> str:
    match = START.match(text)
    if not match:
        return iso_date(text)
    if int(match["month"]) > MONTHS or int(match["day"]) > DAYS:
        return ""
    return f"{match['year']}-{match['month']}-{match['day']}"
