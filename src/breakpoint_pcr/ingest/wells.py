"""Well names: A1, A01 or a number, always returned as A1."""

import re
from collections.abc import Iterable
from functools import lru_cache

PLATES = {48: (6, 8), 96: (8, 12), 384: (16, 24)}
# One zero pads a single digit; H011 may be H1, H01 or H11.
NAME = re.compile(r"([A-Pa-p])(0?[1-9]|[1-9][0-9])")
NUMBER = re.compile(r"([0-9]{1,3})(?:\.0+)?")
SIZE = re.compile(r"(?<![0-9])(384|96|48)(?![0-9])")


def plate_wells_of(block_type: str) -> int | None:
    """Return the number of wells that a block type such as `96-Well Block (0.2mL)` names."""
    match = SIZE.search(block_type)
    return int(match[1]) if match else None


@lru_cache(maxsize=4096)
def well_of(text: str, plate_wells: int | None) -> str:
    """Return the well as A1.

    Args:
        text: A1, A01, or a number counted along the rows from 1.
        plate_wells: 48, 96 or 384; None where the file does not tell it.

    Raises:
        ValueError: No well of this plate.
    """
    if match := NAME.fullmatch(text.strip()):
        row, column = ord(match[1].upper()) - ord("A"), int(match[2]) - 1
    elif (match := NUMBER.fullmatch(text.strip())) and plate_wells:
        row, column = divmod(int(match[1]) - 1, PLATES[plate_wells][1])
    else:
        raise ValueError(f"{text.strip()[:20]!r} is no well")
    rows, columns = PLATES[plate_wells or max(PLATES)]
    if not (0 <= row < rows and 0 <= column < columns):
        raise ValueError(f"{text.strip()[:20]!r} is no well of a {rows}x{columns} plate")
    return f"{chr(ord('A') + row)}{column + 1}"


def plate_of_numbers(pairs: Iterable[tuple[str, str]]) -> int | None:
    """Return the size of the only plate on which each number is the position beside it.

    Args:
        pairs: Number (row-wise from 1) and position (A1); other texts say nothing.

    Raises:
        ValueError: There is no such plate: numbers or positions were moved.
    """
    known = [pair for pair in pairs if NUMBER.fullmatch(pair[0]) and NAME.fullmatch(pair[1])]
    odd = {size: [pair for pair in known if not _agree(pair, size)] for size in PLATES}
    sizes = [size for size, pairs in odd.items() if not pairs]
    if not sizes:
        number, name = min(odd.values(), key=len)[0]
        raise ValueError(f"well {number!r} and position {name!r} disagree")
    return sizes[0] if known and len(sizes) == 1 else None


def _agree(pair: tuple[str, str], plate_wells: int) -> bool:
    try:
        return well_of(pair[0], plate_wells) == well_of(pair[1], plate_wells)
    except ValueError:
        return False


def position(well: str) -> tuple[int, int]:
    """Return row and column, 0-based, of a well named A1."""
    return ord(well[0]) - ord("A"), int(well[1:]) - 1


def smallest_plate(wells: set[str]) -> int:
    """Return the size of the smallest usual plate (96 or 384) that holds the wells."""
    rows, columns = PLATES[96]
    fits = all(row < rows and column < columns for row, column in map(position, wells))
    return 96 if fits else 384


def wells_between(text: str) -> tuple[str, ...]:
    """Return the wells of `A1`, or of a rectangle such as `A1:A6` or `A1:H12`, along the rows.

    Raises:
        ValueError: No well or range.
    """
    first, _, last = text.partition(":")
    top, left = position(well_of(first, None))
    bottom, right = position(well_of(last or first, None))
    if bottom < top or right < left or text.endswith(":"):
        raise ValueError(f"{text[:20]!r} is no range; write it as A1:B6")
    return tuple(
        f"{chr(ord('A') + row)}{column + 1}"
        for row in range(top, bottom + 1)
        for column in range(left, right + 1)
    )
