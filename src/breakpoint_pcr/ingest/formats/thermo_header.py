"""What the header of a Thermo Fisher export says of its run."""

import re
from collections.abc import Mapping
from typing import TypedDict

INSTRUMENTS = {
    "sds7500": "Applied Biosystems 7500",
    "sds7500fast": "Applied Biosystems 7500 Fast",
    "stepone": "StepOne",
    "steponeplus": "StepOnePlus",
}
RUN_TIMES = (
    "experiment run end time",
    "run end data/time",
    "run end date/time",
    "run start date/time",
)
NOT_STARTED = "not started"
FILE_NAMES = ("file name", "experiment file name")
SOFTWARE = ("software name and version", "software name", "software version")
ABSENT = frozenset({"na", "n/a", "none"})
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class About(TypedDict):
    """What the header says, by the fields of an Export."""

    instrument: str
    software: str
    run_date: str
    chemistry: str
    passive_reference: str
    plate: str


def about_of(header: Mapping[str, str]) -> About:
    """Return what the header says; a value such as `NA` says nothing."""
    known = {key: value for key, value in header.items() if value.casefold() not in ABSENT}
    instrument = known.get("instrument type", "")
    times = (DATE.match(known.get(key, "")) for key in RUN_TIMES)
    return {
        "instrument": INSTRUMENTS.get(instrument.casefold(), instrument),
        "software": " ".join(known[key] for key in SOFTWARE if key in known),
        "run_date": next((match[0] for match in times if match), ""),
        "chemistry": known.get("chemistry", ""),
        "passive_reference": known.get("passive reference", ""),
        "plate": next((known[key] for key in FILE_NAMES if key in known), ""),
    }


def is_unended(header: Mapping[str, str]) -> bool:
    """Tell a run that was not started or did not finish."""
    return any(header.get(key, "").casefold() == NOT_STARTED for key in RUN_TIMES)
