"""The XML of an RDML file, taken apart in one pass: text as it stands, nothing interpreted yet.

Expat is driven directly and builds no tree, so memory stays near the size of the file.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import count
from xml.parsers import expat

from breakpoint_pcr.errors import ExportError
from breakpoint_pcr.ingest.cells import shown
from breakpoint_pcr.ingest.files.extent import check_reactions
from breakpoint_pcr.ingest.files.guarded_xml import CHUNK_BYTES, feed, guarded_parser, readable

# A 384-well plate, four dyes, 45 cycles and a melt of 150 steps is 1.0 million elements.
ELEMENTS_MAX = 1_200_000
DEPTH_MAX = 50
LETTERS_MAX = 100_000
# A text comes in one part for each chunk that it touches.
PARTS_MAX = LETTERS_MAX // CHUNK_BYTES + 2
ROOT = "rdml"

Point = tuple[str, str]  # cycle and fluorescence


@dataclass(slots=True)
class Data:
    """One target in one reaction. `cq` and `excluded` are None where the element is absent.

    `call` is the software's own of the reaction, where a file holds one beside the RDML.
    """

    target: str = ""
    cq: str | None = None
    excluded: str | None = None
    call: str = ""
    points: list[Point] = field(default_factory=list[Point])


@dataclass(slots=True)
class React:
    """One well; `line` is where it begins."""

    id: str
    line: int
    sample: str = ""
    digital: bool = False
    data: list[Data] = field(default_factory=list[Data])


@dataclass(slots=True)
class Run:
    """One run; `about` holds its describing texts by element name."""

    experiment: str
    id: str
    about: dict[str, str] = field(default_factory=dict[str, str])
    reacts: list[React] = field(default_factory=list[React])


@dataclass(slots=True)
class Sample:
    """A sample; `types` maps a target, or the empty name for all targets, to the type."""

    description: str = ""
    types: dict[str, str] = field(default_factory=dict[str, str])


@dataclass(slots=True)
class Document:
    """What an RDML file says."""

    version: str = ""
    publisher: str = ""
    samples: dict[str, Sample] = field(default_factory=dict[str, Sample])
    dyes: dict[str, str] = field(default_factory=dict[str, str])
    runs: list[Run] = field(default_factory=list[Run])


@dataclass(slots=True)
class _Cursor:
    """Where the parser stands."""

    file: str
    document: Document = field(default_factory=Document)
    path: list[str] = field(default_factory=lambda: [""])
    text: list[str] = field(default_factory=list[str])
    reactions: int = 0
    experiment: str = ""
    sample: Sample = field(default_factory=Sample)
    sample_target: str = ""
    target: str = ""
    run: Run = field(default_factory=lambda: Run("", ""))
    react: React = field(default_factory=lambda: React("", 0))
    data: Data = field(default_factory=Data)
    cycle: str = ""
    fluor: str = ""


def parse(file: str, xml: bytes) -> Document:
    """Return what the XML of an RDML file says.

    Raises:
        ExportError: No well-formed XML, another root, a document type, or more than a plate holds.
    """
    cursor = _Cursor(file)
    xml, encoding = readable(file, xml)
    parser = guarded_parser(file, encoding)
    parser.StartElementHandler = _starter(cursor, parser)
    parser.EndElementHandler = _ender(cursor, parser)
    feed(file, parser, xml)
    return cursor.document


def _texter(cursor: _Cursor) -> Callable[[str], None]:
    parts = cursor.text

    def text(letters: str) -> None:
        parts.append(letters)
        if len(parts) > PARTS_MAX:
            raise ExportError(
                cursor.file, f"more than {LETTERS_MAX} letters in one XML element; export again"
            )

    return text


def _starter(cursor: _Cursor, parser: expat.XMLParserType) -> Callable[..., None]:
    path, elements, text = cursor.path, count(1), _texter(cursor)

    def start(tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(":")[2] if ":" in tag else tag
        place = (path[-1], name)
        if next(elements) > ELEMENTS_MAX or len(path) > DEPTH_MAX:
            raise ExportError(
                cursor.file,
                f"more than {ELEMENTS_MAX} XML elements or {DEPTH_MAX} levels; "
                "expected one plate a file; export again",
            )
        if action := STARTS.get(place):
            action(cursor, attributes, parser.CurrentLineNumber)
        elif len(path) == 1:
            raise ExportError(cursor.file, f"XML of {shown(name)}; expected {ROOT}")
        # Other text, most of it blanks between elements, is passed over without a call.
        parser.CharacterDataHandler = text if place in ENDS else None
        cursor.text.clear()
        path.append(name)

    return start


def _ender(cursor: _Cursor, parser: expat.XMLParserType) -> Callable[[str], None]:
    path, parts = cursor.path, cursor.text

    def end(_: str) -> None:
        name = path.pop()
        if action := ENDS.get((path[-1], name)):
            parser.CharacterDataHandler = None
            action(cursor, "".join(parts).strip())
            parts.clear()

    return end


def _start_root(cursor: _Cursor, attributes: Mapping[str, str], _: int) -> None:
    cursor.document.version = attributes.get("version", "")


def _start_sample(cursor: _Cursor, attributes: Mapping[str, str], line: int) -> None:
    name = attributes.get("id", "")
    if name in cursor.document.samples:
        raise ExportError(cursor.file, f"sample {shown(name)} stands twice; export again", line)
    cursor.sample = cursor.document.samples[name] = Sample()


def _start_type(cursor: _Cursor, attributes: Mapping[str, str], _: int) -> None:
    cursor.sample_target = attributes.get("targetId", "")


def _start_target(cursor: _Cursor, attributes: Mapping[str, str], _: int) -> None:
    cursor.target = attributes.get("id", "")
    cursor.document.dyes.setdefault(cursor.target, "")


def _start_dye(cursor: _Cursor, attributes: Mapping[str, str], _: int) -> None:
    if name := attributes.get("id", ""):
        cursor.document.dyes[cursor.target] = name


def _start_experiment(cursor: _Cursor, attributes: Mapping[str, str], _: int) -> None:
    cursor.experiment = attributes.get("id", "")


def _start_run(cursor: _Cursor, attributes: Mapping[str, str], _: int) -> None:
    cursor.run = Run(cursor.experiment, attributes.get("id", ""))
    cursor.document.runs.append(cursor.run)


def _start_react(cursor: _Cursor, attributes: Mapping[str, str], line: int) -> None:
    cursor.react = React(attributes.get("id", "").strip(), line)
    cursor.run.reacts.append(cursor.react)


def _start_react_sample(cursor: _Cursor, attributes: Mapping[str, str], line: int) -> None:
    name = attributes.get("id", "")
    if cursor.react.sample not in ("", name):
        raise ExportError(
            cursor.file,
            f"react {shown(cursor.react.id)} holds {shown(cursor.react.sample)} and {shown(name)}; "
            "one sample a well expected; mend the export",
            line,
        )
    cursor.react.sample = name


def _start_partitions(cursor: _Cursor, _: Mapping[str, str], __: int) -> None:
    cursor.react.digital = True


def _start_data(cursor: _Cursor, _: Mapping[str, str], __: int) -> None:
    cursor.reactions += 1
    check_reactions(cursor.file, cursor.reactions)
    cursor.data = Data()
    cursor.react.data.append(cursor.data)


def _start_data_target(cursor: _Cursor, attributes: Mapping[str, str], _: int) -> None:
    cursor.data.target = attributes.get("id", "")


def _start_point(cursor: _Cursor, _: Mapping[str, str], __: int) -> None:
    cursor.cycle = cursor.fluor = ""


def _end_cq(cursor: _Cursor, text: str) -> None:
    if cursor.data.cq is not None:
        raise ExportError(
            cursor.file,
            f"two Cq for {shown(cursor.data.target)} in react {shown(cursor.react.id)}; "
            "export again",
        )
    cursor.data.cq = text


def _end_excluded(cursor: _Cursor, text: str) -> None:
    cursor.data.excluded = text


def _end_cycle(cursor: _Cursor, text: str) -> None:
    cursor.cycle = text


def _end_fluor(cursor: _Cursor, text: str) -> None:
    cursor.fluor = text


def _end_point(cursor: _Cursor, _: str) -> None:
    cursor.data.points.append((cursor.cycle, cursor.fluor))


def _end_publisher(cursor: _Cursor, text: str) -> None:
    cursor.document.publisher = cursor.document.publisher or text


def _end_description(cursor: _Cursor, text: str) -> None:
    cursor.sample.description = text


def _end_type(cursor: _Cursor, text: str) -> None:
    """Take the type; of two that differ both, so that neither decides a role."""
    types, target = cursor.sample.types, cursor.sample_target
    known = types.get(target, text)
    types[target] = text if known == text else f"{known} and {text}"


def _end_dye(cursor: _Cursor, text: str) -> None:
    """Take the dye of RDML 1.0, which is a text and no reference."""
    if text:
        cursor.document.dyes[cursor.target] = text


def _about(key: str) -> Callable[[_Cursor, str], None]:
    def end(cursor: _Cursor, text: str) -> None:
        cursor.run.about.setdefault(key, text)

    return end


# By parent and element.
STARTS: Mapping[tuple[str, str], Callable[[_Cursor, Mapping[str, str], int], None]] = {
    ("", ROOT): _start_root,
    (ROOT, "sample"): _start_sample,
    ("sample", "type"): _start_type,
    (ROOT, "target"): _start_target,
    ("target", "dyeId"): _start_dye,
    (ROOT, "experiment"): _start_experiment,
    ("experiment", "run"): _start_run,
    ("run", "react"): _start_react,
    ("react", "sample"): _start_react_sample,
    ("react", "partitions"): _start_partitions,
    ("react", "data"): _start_data,
    ("data", "tar"): _start_data_target,
    ("data", "adp"): _start_point,
}
ENDS: Mapping[tuple[str, str], Callable[[_Cursor, str], None]] = {
    ("id", "publisher"): _end_publisher,
    ("sample", "description"): _end_description,
    ("sample", "type"): _end_type,
    ("target", "dyeId"): _end_dye,
    ("run", "instrument"): _about("instrument"),
    ("run", "backgroundDeterminationMethod"): _about("background"),
    ("run", "runDate"): _about("date"),
    ("run", "pcrFormat"): _about("format"),
    ("pcrFormat", "rows"): _about("rows"),
    ("pcrFormat", "columns"): _about("columns"),
    ("dataCollectionSoftware", "name"): _about("software"),
    ("dataCollectionSoftware", "version"): _about("version"),
    ("data", "cq"): _end_cq,
    ("data", "excl"): _end_excluded,
    ("data", "adp"): _end_point,
    ("adp", "cyc"): _end_cycle,
    ("adp", "fluor"): _end_fluor,
}
