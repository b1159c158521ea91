"""Dates of exports: only those that can mean one day."""

import re

NUMERIC = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})(?![0-9])")
MONTHS = 12


def iso_date(text: str) -> str:
    """Return a date such as 22/09/2010 as year-month-day, whichever of the two is the day.

    Empty where the text begins with no such date, or where day and month could be exchanged.
    """
    match = NUMERIC.match(text)
    if not match:
        return ""
    first, second = int(match[1]), int(match[2])
    if first == second and 1 <= first <= MONTHS:
        return f"{match[3]}-{first:02d}-{first:02d}"
    if MONTHS < first <= 31 and 1 <= second <= MONTHS:  # noqa: PLR2004
        return f"{match[3]}-{second:02d}-{first:02d}"
    if MONTHS < second <= 31 and 1 <= first <= MONTHS:  # noqa: PLR2004
        return f"{match[3]}-{first:02d}-{second:02d}"
    return ""
