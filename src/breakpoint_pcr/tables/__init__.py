r"""Every table between stages: its columns, their types and units, how to write and read it.

A table is a frozen dataclass, one field per column, in column order. Files are UTF-8, tab
separated, one header line, `\n` line ends. Missing is the empty cell and `None`, never a number.
A text cell that a spreadsheet would run as a formula gets a leading apostrophe, which reading
takes off again.
"""

from breakpoint_pcr.tables.columns import column, heading
from breakpoint_pcr.tables.files import (
    LIST_SEPARATOR,
    RUN_AGAIN,
    Row,
    neutralised,
    read_curves,
    read_table,
    read_traces,
    write_curves,
    write_table,
)
from breakpoint_pcr.tables.rows import (
    Curve,
    Dimer,
    Feature,
    Finding,
    Oligo,
    Pattern,
    Product,
    Reaction,
    Sample,
    SampleLevel,
    Site,
    StandardCurve,
    Well,
)
from breakpoint_pcr.tables.vocabulary import (
    CONTROL_ROLES,
    Amplifies,
    Call,
    Clone,
    CurveClass,
    CurveKind,
    Detected,
    Level,
    LevelMethod,
    Outcome,
    Quantity,
    Role,
    State,
    Verdict,
)

__all__ = [
    "CONTROL_ROLES",
    "LIST_SEPARATOR",
    "RUN_AGAIN",
    "Amplifies",
    "Call",
    "Clone",
    "Curve",
    "CurveClass",
    "CurveKind",
    "Detected",
    "Dimer",
    "Feature",
    "Finding",
    "Level",
    "LevelMethod",
    "Oligo",
    "Outcome",
    "Pattern",
    "Product",
    "Quantity",
    "Reaction",
    "Role",
    "Row",
    "Sample",
    "SampleLevel",
    "Site",
    "StandardCurve",
    "State",
    "Verdict",
    "Well",
    "column",
    "heading",
    "neutralised",
    "read_curves",
    "read_table",
    "read_traces",
    "write_curves",
    "write_table",
]
