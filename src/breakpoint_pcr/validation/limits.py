"""What becomes of the calls when one limit of the config moves.

Every number of the sections that decide a call is moved alone, down and up by the same share of
itself; whole numbers to the next whole number further away; none beyond what the schema allows. The
same simulated plates, read once, are called anew each time. A limit that is off (null), or that
cannot move, is listed with `off` or without a moved value, and changes nothing.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from breakpoint_pcr.calling import CallSettings
from breakpoint_pcr.errors import ConfigError
from breakpoint_pcr.validation.batches import LIMITS
from breakpoint_pcr.validation.rows import LimitEffect, Result
from breakpoint_pcr.validation.study import (
    Pipeline,
    ReadPlate,
    batch_plates,
    called_anew,
    read_plate,
)
from breakpoint_pcr.validation.summing import OPEN_RESULTS

OFF = "off"
# Limits of single assays repeat others, and are not moved by themselves.
LEFT_ALONE = ("curves", "assays")
DIRECTIONS = (-1, 1)

Key = tuple[str | int, ...]
Tree = Mapping[str, Any]
Called = list[tuple[str, Result]]


@dataclass(frozen=True, slots=True)
class Limit:
    """A number of the config: where it stands, what it is, and what it may be."""

    path: Key
    value: float | None
    lowest: float
    highest: float
    whole: bool

    @property
    def name(self) -> str:
        """Return the key as the config has it; the parts of a pair count from 1."""
        parts = [f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in self.path]
        return "".join(parts).removeprefix(".")

    def moved(self, shift: float, direction: int) -> float | None:
        """Return the moved value, or None where it cannot move."""
        if self.value is None:
            return None
        value = self.value * (1 + direction * shift)
        if self.whole:
            value = math.floor(value) if direction < 0 else math.ceil(value)
        value = min(max(value, self.lowest), self.highest)
        return None if value == self.value else value


def limits_of(settings: Tree, schema: Tree) -> list[Limit]:
    """Return every numeric limit of these sections of the config, and those that are off.

    Args:
        settings: Sections of the config by name.
        schema: Schema of the whole config.
    """
    return list(_limits((), settings, schema, schema))


def _limits(path: Key, value: Any, node: Tree, schema: Tree) -> Iterator[Limit]:  # noqa: ANN401
    node = _resolved(node, schema)
    if path == LEFT_ALONE:
        return
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _limits((*path, key), inner, node["properties"][key], schema)
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from _limits((*path, place), inner, node["items"], schema)
    elif value is None or (isinstance(value, (int, float)) and not isinstance(value, bool)):
        yield _limit(path, value, node)


def _resolved(node: Tree, schema: Tree) -> Tree:
    """Follow a reference, and choose what is not null where a value may be."""
    for option in node.get("oneOf", ()):
        if option.get("type") != "null":
            return _resolved(option, schema)
    reference = node.get("$ref")
    if reference is None:
        return node
    found: Any = schema
    for part in reference.removeprefix("#/").split("/"):
        found = found[part]
    return _resolved(found, schema)


def _limit(path: Key, value: float | None, node: Tree) -> Limit:
    """Return a limit; an excluded end is never reached by moving a value by a share of itself."""
    types = node.get("type", "number")
    return Limit(
        path,
        value,
        node.get("minimum", -math.inf),
        node.get("maximum", math.inf),
        whole="integer" in ([types] if isinstance(types, str) else types),
    )


def with_value(tree: Any, path: Key, value: float) -> Any:  # noqa: ANN401
    """Return the sections with one number replaced."""
    if not path:
        return value
    copy: Any = list(tree) if isinstance(tree, list) else dict(tree)
    copy[path[0]] = with_value(copy[path[0]], path[1:], value)
    return copy


def limits_of_part(part: str, parts: Sequence[str], limits: Sequence[Limit]) -> list[Limit]:
    """Return the limits of a part: the parts take them in turn."""
    return list(limits[parts.index(part) :: len(parts)])


def move_limits(
    limits: Sequence[Limit], pipeline: Pipeline, *, settings: Tree, study: Tree
) -> list[LimitEffect]:
    """Return what each limit does to the calls when it is moved down and up.

    Args:
        limits: The limits to move.
        pipeline: What is drawn from, and the settings of reading and calling as they are.
        settings: Sections of the config by name.
        study: Section `validation` of the config.
    """
    plates = batch_plates(LIMITS, study, pipeline.population)
    reads = [read_plate(plate, pipeline) for plate in plates]
    before = _calls(reads, pipeline, pipeline.calls)
    bench = Bench(reads, before, pipeline, settings)
    return [effect for limit in limits for effect in _effects(limit, bench, study["limit_shift"])]


@dataclass(frozen=True, slots=True)
class Bench:
    """The plates on which limits are moved, with their calls by the settings as they are."""

    reads: Sequence[ReadPlate]
    before: Called
    pipeline: Pipeline
    settings: Tree


def _calls(reads: Sequence[ReadPlate], pipeline: Pipeline, settings: CallSettings) -> Called:
    return [call for read in reads for call in called_anew(read, pipeline, settings)]


def _effects(limit: Limit, bench: Bench, shift: float) -> Iterator[LimitEffect]:
    if limit.value is None:
        yield _effect(limit, OFF, bench.before, bench.before)
        return
    for direction in DIRECTIONS:
        moved = limit.moved(shift, direction)
        rules = None if moved is None else _rules(with_value(bench.settings, limit.path, moved))
        if rules is None:
            yield _effect(limit, "", bench.before, bench.before)
        else:
            after = _calls(bench.reads, bench.pipeline, rules)
            yield _effect(limit, f"{moved:g}", bench.before, after)


def _rules(settings: Tree) -> CallSettings | None:
    """Return the limits of a call; None where they contradict each other."""
    try:
        return CallSettings.from_config(**settings)
    except ConfigError:
        return None


def _effect(limit: Limit, moved: str, before: Called, after: Called) -> LimitEffect:
    return LimitEffect(
        limit=limit.name,
        value=OFF if limit.value is None else f"{limit.value:g}",
        moved=moved,
        samples=len(after),
        changed=sum(old[0] != new[0] for old, new in zip(before, after, strict=True)),
        wrong=sum(result is Result.WRONG for _, result in after),
        wrong_before=sum(result is Result.WRONG for _, result in before),
        open=sum(result in OPEN_RESULTS for _, result in after),
        open_before=sum(result in OPEN_RESULTS for _, result in before),
    )
