"""What the software of a Roche LightCycler 96 writes beside the RDML of a run (.lc96p, .rdml).

Both are a zip of `rdml_data.xml` and the software's own members. The RDML holds a Cq for nearly
every reaction: a user's exclusions stand in `app_data.xml` alone, and in `calculated_data.xml` the
call (Positive, Negative, Invalid). The software's result table shows a Cq where the call is
Positive, and a dash elsewhere, whatever the RDML holds.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from xml.parsers import expat
from zipfile import ZipFile

from breakpoint_pcr.errors import ExportError, NoResultsError
from breakpoint_pcr.ingest.files.archive import read_head, read_member
from breakpoint_pcr.ingest.files.guarded_xml import feed, guarded_parser
from breakpoint_pcr.ingest.formats.rdml_document import ELEMENTS_MAX, Document

# Members and their root elements.
APP, CALCULATED, MANIFEST = "app_data.xml", "calculated_data.xml", "manifest.xml"
ROOTS = {
    APP: b"<rocheLC96AppExtension",
    CALCULATED: b"<rocheLC96CalculatedData",
    MANIFEST: b"<lc96manifest",
}
HEAD_BYTES = 4_096
POSITIVE = "positive"
EXCLUDED = "excluded in the LightCycler 96 software"
UNANALYSED = (
    "a run of the LightCycler 96 that was not analysed; no Ct of a well in it; open it in the "
    "LightCycler 96 software, analyse it, and save it as .lc96p or export it as RDML"
)

Key = tuple[str, str, str]  # run, react and target


@dataclass(slots=True)
class _Graph:
    """What the software says of a reaction."""

    excluded: bool = False
    call: str = ""


@dataclass(slots=True)
class _Place:
    """Where a parser stands; `graph` is None outside a reaction, and behind its call."""

    run: str = ""
    react: str = ""
    graph: _Graph | None = None
    graphs: dict[Key, _Graph] = field(default_factory=dict[Key, _Graph])


def is_of_lightcycler96(name: str, archive: ZipFile) -> bool:
    """Tell whether an archive is of this instrument, whatever else it holds."""
    return any(_holds(name, archive, member) for member in ROOTS)


def add_results(name: str, archive: ZipFile, document: Document) -> None:
    """Add what the software says of the reactions of a document; nothing for other instruments.

    Raises:
        ExportError: A member is damaged, or of another run.
        NoResultsError: The run was not analysed.
    """
    if not is_of_lightcycler96(name, archive):
        return
    datas = [
        ((run.id, react.id, data.target), data)
        for run in document.runs
        for react in run.reacts
        for data in react.data
    ]
    if not any(data.cq for _, data in datas):
        raise NoResultsError(name, UNANALYSED)
    exclusions, calls = (_graphs(name, archive, member) for member in (APP, CALCULATED))
    known = {key for key, _ in datas}
    lost = any(graph.excluded and key not in known for key, graph in exclusions.items())
    if lost or (exclusions and known.isdisjoint(exclusions)):
        raise ExportError(
            name,
            f"{APP} tells of other reactions than the RDML, so excluded wells are not known; save "
            "the run again in the LightCycler 96 software",
        )
    for key, data in datas:
        if key in exclusions and exclusions[key].excluded:
            data.excluded = EXCLUDED
        if key in calls:
            data.call = calls[key].call.strip()


def _holds(name: str, archive: ZipFile, member: str) -> bool:
    if member not in archive.namelist():
        return False
    head = read_head(name, archive, archive.getinfo(member), size=HEAD_BYTES)
    return ROOTS[member] in head.replace(b"\0", b"")


def _graphs(name: str, archive: ZipFile, member: str) -> dict[Key, _Graph]:
    """Return what a member says of each reaction; nothing where it is not there."""
    if not _holds(name, archive, member):
        return {}
    where = f"{name} member {member}"
    xml = read_member(name, archive, archive.getinfo(member))
    if xml.count(b"<") > 2 * ELEMENTS_MAX:
        raise ExportError(where, f"more than {ELEMENTS_MAX} XML elements; export again")
    place = _Place()
    parser = guarded_parser(where)
    parser.StartElementHandler = _starter(place, parser)
    feed(where, parser, xml)
    return place.graphs


def _starter(place: _Place, parser: expat.XMLParserType) -> Callable[[str, dict[str, str]], None]:
    def text(letters: str) -> None:
        if place.graph:
            place.graph.call += letters

    def end(tag: str) -> None:
        # Thousands of elements of curves follow the call: nothing more is asked of this reaction.
        if tag in ("call", "factGraph"):
            place.graph = None
            parser.CharacterDataHandler = parser.EndElementHandler = None

    def start(tag: str, attributes: dict[str, str]) -> None:
        if tag == "run":
            place.run = attributes.get("id", "")
        elif tag == "react":
            place.react = attributes.get("id", "").strip()
        elif tag == "factGraph":
            key = (place.run, place.react, attributes.get("targetId", ""))
            excluded = attributes.get("isExcluded", "").strip().casefold()
            place.graph = place.graphs[key] = _Graph(excluded in ("true", "1"))
            parser.EndElementHandler = end
        elif tag == "call" and place.graph:
            parser.CharacterDataHandler = text

    return start
