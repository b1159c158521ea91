"""What the laboratory chose for junction mapping: the section `junction_mapping`."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Self

from breakpoint_pcr.errors import ConfigError


@dataclass(frozen=True, slots=True)
class MappingSettings:
    """Limits of reading, placing and judging reads; nt where no other unit is said.

    Attributes:
        trim_error_max: Error probability at which a base neither helps nor hurts a read's trimming
            (Mott); None leaves the ends as they are.
        file_max_mb: Largest file, unpacked, in MB.
        reads_max: Most reads of a file.
        read_max_nt: Longest read.
        seed_nt: Exact word by which a side is found.
        seed_places_max: A word on more places of the reference than this is no seed.
        anchor_nt: Matching bases that a side must explain beyond what one piece alone can.
        edit_match_nt: Matching bases behind an edit that make it an edit and not an end.
        drift_max_nt: Most bases that the gaps of a side may add up to.
        edits_max_percent: Most edits of a side, per 100 of its bases.
        placement_margin_nt: Matching bases by which a placement must beat every other.
        deletion_min_nt: Shortest loss that counts as a deletion.
        inserted_max_nt: Most bases between the sides.
        doubt_match_nt: Bases fitting behind one misread base at the junction that raise a doubt.
        doubt_edit_nt: An edit this near the junction raises a doubt.
        doubt_base_nt: An N or a poor base this near the junction raises a doubt.
        quality_min: A base below this Phred quality is poor.
        signal_window_nt: How far from the junction a heptamer is looked for.
        signal_overlap_nt: Bases of a heptamer that may lie on the kept side.
        signal_matches_min: Fewest bases of a heptamer that fit, its first three included.
    """

    trim_error_max: float | None
    file_max_mb: int
    reads_max: int
    read_max_nt: int
    seed_nt: int
    seed_places_max: int
    anchor_nt: int
    edit_match_nt: int
    drift_max_nt: int
    edits_max_percent: float
    placement_margin_nt: int
    deletion_min_nt: int
    inserted_max_nt: int
    doubt_match_nt: int
    doubt_edit_nt: int
    doubt_base_nt: int
    quality_min: int
    signal_window_nt: int
    signal_overlap_nt: int
    signal_matches_min: int

    @classmethod
    def from_config(cls, section: Mapping[str, Any]) -> Self:
        """Read the section `junction_mapping`.

        Raises:
            ConfigError: Two values contradict each other.
        """
        found = cls(**{field.name: section[field.name] for field in fields(cls)})
        for name, least, why in (
            ("anchor_nt", 2 * found.seed_nt + 1, "2 x seed_nt + 1, so that one edit hides no side"),
            ("edit_match_nt", found.placement_margin_nt + 1, "placement_margin_nt + 1"),
            ("deletion_min_nt", 2 * found.drift_max_nt + 1, "2 x drift_max_nt + 1"),
            ("read_max_nt", 2 * found.anchor_nt, "2 x anchor_nt"),
        ):
            if (value := section[name]) < least:
                raise ConfigError(
                    f"config: junction_mapping.{name} is {value}; expected {least} or more "
                    f"({why}); change one"
                )
        return found
