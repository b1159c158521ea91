"""Tubes of a Rotor-Gene: numbers, or positions of the 72-tube rotor; what its readers share."""

from breakpoint_pcr.ingest.cells import shown
from breakpoint_pcr.ingest.wells import well_of

FORMAT = "rotorgene"
TUBES_A_LETTER, TUBES_MAX = 8, 100


def tube_of(text: str) -> str:
    """Return the position of a tube: A1 as it stands, 1 as A1, 8 as A8, 9 as B1.

    Raises:
        ValueError: No tube of a rotor.
    """
    if not (text.isascii() and text.isdigit()):
        return well_of(text, None)
    number = int(text) if len(text) < len(str(TUBES_MAX)) + 1 else 0
    if not 1 <= number <= TUBES_MAX:
        raise ValueError(f"{shown(text)} is no tube from 1 to {TUBES_MAX}")
    letter, place = divmod(number - 1, TUBES_A_LETTER)
    return f"{chr(ord('A') + letter)}{place + 1}"


def is_tube(text: str) -> bool:
    """Tell whether a text is a tube of a rotor."""
    try:
        tube_of(text)
    except ValueError:
        return False
    return True
