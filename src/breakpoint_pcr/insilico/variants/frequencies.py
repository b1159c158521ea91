"""How common an allele is, by the INFO column of a VCF.

Read are, for all and for each population: AF or AC / AN (VCF 4.4, section 1.6.1; gnomAD writes
AF_afr, 1000 Genomes AFR_AF), and what dbSNP writes: CAF and TOPMED (REF first) and FREQ
(`study:REF,ALT,...|study:...`). Of several the highest counts: a laboratory does not know where
its patients' forebears lived. Left out are splits by sex and unfiltered counts (`_XX`, `_raw`),
where a single carrier among few people looks common.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

MISSING = ("", ".")
POPULATION = re.compile(r"AF(_\w+)?|\w+_AF")
LEFT_OUT = re.compile(r"_(raw|XX|XY|male|female|adj)\b|_(XX|XY|male|female)_", re.IGNORECASE)
REFERENCE_FIRST = ("CAF", "TOPMED")
STUDIES = "FREQ"
DECLARED = re.compile(r"##INFO=<ID=([^,>]+),Number=([^,>]+),Type=([^,>]+)[,>]")


@dataclass(frozen=True, slots=True)
class Frequency:
    """The highest frequency of an allele, and in which population or study."""

    value: float
    population: str


def frequency_key(meta: str) -> str | None:
    """Return the INFO key that a header line declares, where it is a frequency per allele.

    Args:
        meta: A `##INFO=` line.
    """
    found = DECLARED.match(meta)
    if not found:
        return None
    key, number, kind = found.groups()
    fits = kind == "Float" and number in ("A", "1", ".")
    named = POPULATION.fullmatch(key) and not LEFT_OUT.search(key)
    return key if fits and named else None


def info_cells(info: str) -> dict[str, str]:
    """Return key and value of each entry of an INFO column; the value of a flag is empty."""
    parts = (cell.partition("=") for cell in info.split(";"))
    return {key: value for key, _, value in parts}


def highest(
    info: str, alternatives: int, keys: Collection[str], ignored: Collection[str]
) -> list[Frequency | None]:
    """Return the highest frequency of each alternative allele; None where nothing is stated.

    Args:
        info: The INFO column.
        alternatives: How many alternative alleles the line has.
        keys: INFO keys that hold frequencies, as the header declares them; AF always does.
        ignored: Populations and studies that do not count.

    Raises:
        ValueError: A value is no frequency, or there are too many or too few; says which.
    """
    cells = info_cells(info)
    best: list[Frequency | None] = [None] * alternatives
    for population, values in _stated(cells, alternatives, keys):
        if population in ignored:
            continue
        for at, value in enumerate(values):
            old = best[at]
            if value is not None and (old is None or value > old.value):
                best[at] = Frequency(value, population)
    return best


def _stated(
    cells: Mapping[str, str], alternatives: int, keys: Collection[str]
) -> Iterator[tuple[str, list[float | None]]]:
    """Yield each population of a line with one value per alternative allele."""
    for key, text in cells.items():
        if key == "AF" or key in keys:
            yield key, _numbers(key, text, alternatives)
        elif key == "AC" or (key.startswith("AC_") and not LEFT_OUT.search(key)):
            yield from _counted(cells, key, alternatives)
        elif key in REFERENCE_FIRST:
            yield key, _numbers(key, text.strip("[]"), alternatives + 1)[1:]
        elif key == STUDIES:
            for study in text.split("|"):
                name, _, values = study.partition(":")
                yield name, _numbers(f"{key} {name}", values, alternatives + 1)[1:]


def _counted(
    cells: Mapping[str, str], key: str, alternatives: int
) -> Iterator[tuple[str, list[float | None]]]:
    """Yield AC / AN, where the frequency itself is not stated."""
    ratio, total = "AF" + key[2:], cells.get("AN" + key[2:], "")
    if cells.get(ratio, "") not in MISSING or total in MISSING:
        return
    whole = _number(f"AN{key[2:]}", total)
    if not whole:
        return
    counts = [_number(key, text) for text in _split(key, cells[key], alternatives)]
    shares = [None if count is None else count / whole for count in counts]
    yield f"{key}/AN{key[2:]}", [_checked(key, share) for share in shares]


def _numbers(key: str, text: str, count: int) -> list[float | None]:
    return [_checked(key, _number(key, value)) for value in _split(key, text, count)]


def _split(key: str, text: str, count: int) -> list[str]:
    values = text.split(",")
    if values in ([""], ["."]):
        return ["."] * count
    if len(values) != count:
        raise ValueError(f"{key} has {len(values)} values; expected {count}, one per allele")
    return values


def _number(key: str, text: str) -> float | None:
    if text in MISSING or text.lower() == "nan":
        return None
    try:
        return float(text)
    except ValueError:
        raise ValueError(f"{key} holds {text[:20]!r}; expected a number") from None


def _checked(key: str, value: float | None) -> float | None:
    if value is not None and not 0 <= value <= 1:
        raise ValueError(f"{key} gives a frequency of {value:g}; expected 0 to 1")
    return value
