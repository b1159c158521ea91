"""Differences between the wells of a plate that come from where a well lies.

Assumptions: lamp, lens and camera see one side of the plate better than the other, so that the
light of the product (gain) or of the background (level) changes evenly along columns and rows. The
block is not equally hot everywhere, so that efficiency changes evenly from corner A1 to the
opposite corner. The seal is weakest at the rim, so that outer wells dry: what is dissolved is
concentrated, and fluorescence climbs late and ever faster; the four corners dry twice as much.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WellEffects:
    """What a place on the plate does: factors on gain, level and efficiency, and drying.

    Args:
        gain: Factor on the fluorescence of the product.
        level: Factor on the background.
        efficiency: Factor on the efficiency of amplification.
        evaporation: Late rise by the last cycle, as a share of the full rise.
    """

    gain: float = 1.0
    level: float = 1.0
    efficiency: float = 1.0
    evaporation: float = 0.0


@dataclass(frozen=True, slots=True)
class PlateEffects:
    """Gradients over the plate as shares between its ends, and drying at its edge.

    Each share is the difference between the two ends, half above and half below the plate's middle:
    0.10 makes the last column 5 % brighter and the first 5 % darker than the middle.

    Args:
        gain_columns: Share of the gain from the first to the last column.
        gain_rows: Share of the gain from the first to the last row.
        level_columns: Share of the background from the first to the last column.
        level_rows: Share of the background from the first to the last row.
        efficiency_corners: Share of the efficiency from A1 to the opposite corner. No well copies
            more than every molecule in a cycle.
        edge_evaporation: Late rise of the outer wells by the last cycle, as a share of the full
            rise; corners have twice as much.
    """

    gain_columns: float = 0.0
    gain_rows: float = 0.0
    level_columns: float = 0.0
    level_rows: float = 0.0
    efficiency_corners: float = 0.0
    edge_evaporation: float = 0.0

    def at(self, row: int, column: int, *, rows: int, columns: int) -> WellEffects:
        """Return the effects at a 0-based place of a plate of so many rows and columns."""
        down, across = _from_middle(row, rows), _from_middle(column, columns)
        edges = (row in (0, rows - 1)) + (column in (0, columns - 1))
        return WellEffects(
            gain=(1 + self.gain_columns * across) * (1 + self.gain_rows * down),
            level=(1 + self.level_columns * across) * (1 + self.level_rows * down),
            efficiency=1 + self.efficiency_corners * (across + down) / 2,
            evaporation=self.edge_evaporation * edges,
        )


def _from_middle(place: int, places: int) -> float:
    """Return the place between -0.5 (first) and 0.5 (last)."""
    return place / (places - 1) - 0.5


NO_EFFECTS = PlateEffects()
