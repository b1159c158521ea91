"""The run file of a Rotor-Gene (.rex, XML): raw curves, and no Ct.

A channel is named `Cycling A.Green`; melts and HRM are channels of their own, told by their axis.
Readings stand in the order of the tubes of the rotor, named or not. The type of a sample is a code
that decides no role: real files use it otherwise than the programs that explain it.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import accumulate
from pathlib import PurePath
from typing import TYPE_CHECKING

from breakpoint_pcr.errors import ExportError
from breakpoint_pcr.ingest.cells import shown
from breakpoint_pcr.ingest.export import CYCLES_MAX, Export, Record, curve_alone
from breakpoint_pcr.ingest.files.extent import check_tree
from breakpoint_pcr.ingest.files.source import Content, Source
from breakpoint_pcr.ingest.files.text import decode
from breakpoint_pcr.ingest.formats.rotorgene_tubes import FORMAT, tube_of
from breakpoint_pcr.ingest.numerals import comma_of, number_of
from breakpoint_pcr.ingest.wells import smallest_plate
from breakpoint_pcr.tables import CurveKind, State

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

REX = re.compile(r"<Experiment>\s*<RexHeader>")
HEAD_LETTERS = 2_000
# 100 tubes, 60 cycles and a melt of 450 points in 6 channels are 5.5 MB.
REX_BYTES_MAX = 12_000_000
CYCLE_AXIS = "Cycle"
COUNT = re.compile(r"[0-9]{1,6}")

Curves = Sequence[tuple[float | None, ...]]  # in the order of the tubes


def is_run_file(source: Source) -> bool:
    """Tell a run file by its first elements."""
    head = decode(source).content[:HEAD_LETTERS] if source.kind is Content.TEXT else ""
    return bool(REX.search(head))


def read_run_file(source: Source) -> Export:
    """Return the curves of a run file.

    Raises:
        ExportError: Damaged, not finished, or without cycling.
    """
    root = _parsed(source)
    if not root.findtext("FinishTime", "").strip():
        raise ExportError(
            source.name, "a run that has not finished; save it after its end and export again"
        )
    samples = _samples(source.name, root)
    channels = _channels(source.name, root)
    _check_tubes(source.name, samples, channels)
    lengths = {len(values) for curves in channels.values() for values in curves if values}
    records = tuple(
        replace(sample, dye=channel, values=curves[tube - 1])
        for tube, sample in samples.items()
        for channel, curves in channels.items()
        if curves[tube - 1]
    )
    return Export(
        file=source.name,
        format=FORMAT,
        ct_kind="",
        records=records,
        software=root.findtext("RexHeader", "").strip(),
        run_date=root.findtext("StartTime", "").partition("T")[0].strip(),
        plate_wells=smallest_plate({record.well for record in records}),
        # Channels of a touchdown and of what follows it are of different lengths.
        n_cycles=lengths.pop() if len(lengths) == 1 else None,
        joins=FORMAT,
        plate=PurePath(source.name).stem,
    )


def _parsed(source: Source) -> "Element":
    # XML costs 20 ms of import and few runs need it.
    from xml.etree.ElementTree import ParseError  # noqa: PLC0415

    from defusedxml import DefusedXmlException  # noqa: PLC0415
    from defusedxml.ElementTree import fromstring  # noqa: PLC0415

    if len(source.content) > REX_BYTES_MAX:
        raise ExportError(
            source.name,
            f"run file of {len(source.content)} bytes, at most {REX_BYTES_MAX} expected; "
            "export the analysis as csv",
        )
    check_tree(source.name, source.content)
    try:
        return fromstring(source.content, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError):
        raise ExportError(source.name, "cut off or damaged XML; save the run file again") from None


def _samples(file: str, root: "Element") -> dict[int, Record]:
    """Return tube by number, without curve."""
    found: dict[int, list[tuple[str, str]]] = {}
    for sample in root.iterfind("Samples/Page/Sample"):
        position = sample.findtext("TubePosition", "").strip()
        try:
            tube_of(position)
        except ValueError as problem:
            raise ExportError(file, f"{problem}; save the run file again") from None
        if not position.isdigit():
            raise ExportError(file, f"tube {shown(position)} is no number; save the run file again")
        name, kind = sample.findtext("Name", "").strip(), sample.findtext("Type", "").strip()
        found.setdefault(int(position), []).append((name, kind))
    return {tube: _sample(tube, pages) for tube, pages in found.items()}


def _sample(tube: int, pages: Sequence[tuple[str, str]]) -> Record:
    """Return a tube without curve, and without name where its pages name it otherwise."""
    names = sorted({name for name, _ in pages} - {""})
    name = names[0] if len(names) == 1 else ""
    curve = curve_alone(tube_of(str(tube)), (), CurveKind.RAW, sample=name)
    # A tube that nobody named counts only where the analysis lists it.
    return replace(curve, task=pages[0][1], state=State.NO_DATA if names else State.EMPTY)


def _check_tubes(file: str, samples: Mapping[int, Record], channels: Mapping[str, Curves]) -> None:
    """Refuse readings that cannot be given to tubes: fewer than the rotor has places."""
    last = max(samples, default=0)
    for channel, curves in channels.items():
        if len(curves) < last:
            raise ExportError(
                file,
                f"channel {shown(channel)} has readings of {len(curves)} tubes, the samples reach "
                f"tube {last}; save the run file again",
            )


def _channels(file: str, root: "Element") -> dict[str, Curves]:
    """Return the curves over cycles, by channel; a channel without readings is left out."""
    counts = [(element.text or "").strip() for element in root.iter("RepeatCount")]
    expected = _sums([int(count) for count in counts if COUNT.fullmatch(count)])
    found: dict[str, Curves] = {}
    for channel in root.iterfind("RawChannels/RawChannel"):
        if channel.findtext("XAxisLabel", "").strip() != CYCLE_AXIS:
            continue
        name = channel.findtext("Name", "").strip()
        words = [(reading.text or "").split() for reading in channel.iterfind("Reading")]
        lengths = {len(line) for line in words if line}
        if not lengths:
            continue
        if name in found:
            raise ExportError(file, f"channel {shown(name)} twice; save the run file again")
        if len(lengths) != 1 or max(lengths) > CYCLES_MAX or (expected and not lengths & expected):
            seen = ", ".join(map(str, sorted(lengths)))
            raise ExportError(
                file,
                f"channel {shown(name)} has curves of {seen} cycles, where the protocol has "
                f"{', '.join(counts)}; the run was not finished",
            )
        found[name] = _numbers(file, name, words)
    if not found:
        raise ExportError(file, "a run file without cycling (a melt or HRM alone); no Ct in it")
    return found


def _sums(repeats: Sequence[int]) -> set[int]:
    """Return the lengths that one or more cyclings in a row can give."""
    return {total for start in range(len(repeats)) for total in accumulate(repeats[start:])}


def _numbers(file: str, channel: str, words: Sequence[Sequence[str]]) -> Curves:
    comma = comma_of(word for line in words for word in line)
    try:
        return [tuple(number_of(word, comma) for word in line) for line in words]
    except ValueError as problem:
        raise ExportError(file, f"channel {shown(channel)}: {problem}; save it again") from None
