"""How a column of a table is described."""

from dataclasses import Field, field
from typing import Any


def column(doc: str, unit: str = "", *, spread: bool = False, name: str = "") -> Any:  # noqa: ANN401
    """Describe a column.

    Args:
        doc: What it holds.
        unit: Unit of its numbers.
        spread: The field is a mapping whose keys become columns of their own.
        name: Heading, where it cannot be the field's name.
    """
    return field(metadata={"doc": doc, "unit": unit, "spread": spread, "name": name})


def heading(described: Field[Any]) -> str:
    """Return the heading of a column."""
    return described.metadata["name"] or described.name
