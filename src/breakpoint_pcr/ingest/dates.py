"""Dates of exports: only those that can mean one day."""

import re
from datetime import date

NUMERIC = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})(?![0-9])")
MONTHS = 12


def iso_date(text: str) -> str:
    """Return a date such as 22/09/2010 as year-month-day, whichever of the two is the day.

    Empty where the text begins with no day of the calendar, or day and month could be exchanged.
    """
    match = NUMERIC.match(text)
    if not match:
        return ""
    first, second = int(match[1]), int(match[2])
    if first != second and max(first, second) <= MONTHS:
        return ""
    try:
        return date(int(match[3]), min(first, second), max(first, second)).isoformat()
    except ValueError:
        return ""
