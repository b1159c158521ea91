"""What the laboratory chose for the verification: the section `primers` of the configuration."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Self, TypeVar

from breakpoint_pcr.errors import ConfigError
from breakpoint_pcr.insilico.rule import SearchRule

Group = TypeVar("Group")


@dataclass(frozen=True, slots=True)
class ProductLimits:
    """Up to which size a product must, and may, appear."""

    product_must_max_bp: int
    product_may_max_bp: int


@dataclass(frozen=True, slots=True)
class ReactionMix:
    """What melting temperatures and free energies are computed for."""

    monovalent_mm: float
    divalent_mm: float
    dntp_mm: float
    oligo_nm: float
    dg_celsius: float


@dataclass(frozen=True, slots=True)
class OligoLimits:
    """What a good oligo keeps to."""

    anneal_celsius: float
    tm_min_celsius: float
    tm_max_celsius: float
    tm_spread_max_celsius: float
    gc_min_percent: float
    gc_max_percent: float
    hairpin_tm_max_celsius: float
    dimer_dg_min_kcal: float
    three_prime_dimer_dg_min_kcal: float


@dataclass(frozen=True, slots=True)
class OligoRules:
    """Limits of the rules.

    `end_stability_dg_min_kcal` is the free energy of the last five bases, salt corrected, at
    `dg_celsius`. `three_prime_gc_max` counts G and C among them. `probe_tm_above_min_celsius` is
    how far a probe melts above the highest of the primers.
    """

    end_stability_dg_min_kcal: float
    three_prime_gc_max: int
    base_run_max_nt: int
    g_run_max_nt: int
    probe_tm_above_min_celsius: float


@dataclass(frozen=True, slots=True)
class VariantLimits:
    """From which frequency on a variant is a warning, and when a VCF says nothing of a site.

    A site without any record of the VCF within `variant_surroundings_nt` on either side counts as
    not covered by it. Frequencies of `variant_studies_ignored` do not count.
    """

    variant_frequency_min: float
    variant_surroundings_nt: int
    variant_studies_ignored: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DesignLimits:
    """How the assays are judged: which are kept, and how far recurrent breakpoints are moved.

    `kept_assays` is None for all. Of the breakpoints moved by up to `fragile_shift_nt` a share of
    `fragile_share_min` should still give a product.
    """

    kept_assays: tuple[str, ...] | None
    shifts_nt: tuple[int, ...]
    fragile_shift_nt: int
    fragile_share_min: float


@dataclass(frozen=True, slots=True)
class Confirmation:
    """The sequence of an oligo as it was really ordered, and who says so."""

    name: str
    sequence: str
    by: str
    date: str


@dataclass(frozen=True, slots=True)
class Conditions:
    """All of it; `values` are the numbers that hold for every reaction, as the section has them."""

    rule: SearchRule
    products: ProductLimits
    mix: ReactionMix
    limits: OligoLimits
    rules: OligoRules
    variants: VariantLimits
    design: DesignLimits
    confirmed: tuple[Confirmation, ...]
    values: Mapping[str, Any]

    @classmethod
    def from_config(cls, section: Mapping[str, Any]) -> Self:
        """Read the section `primers`.

        Raises:
            ConfigError: Two values contradict each other, or an oligo is confirmed twice.
        """
        confirmed = [
            Confirmation(c["name"], c["sequence"].upper(), str(c["by"]), str(c["date"]))
            for c in section["confirmed"]
        ]
        _check_confirmed(confirmed)
        for low, high in (
            ("product_must_max_bp", "product_may_max_bp"),
            ("tm_min_celsius", "tm_max_celsius"),
            ("gc_min_percent", "gc_max_percent"),
        ):
            if section[low] > section[high]:
                raise ConfigError(
                    f"config: primers.{low} is {section[low]}, "
                    f"above primers.{high} ({section[high]}); expected it at or below; change one"
                )
        if section["fragile_shift_nt"] not in section["shifts_nt"]:
            raise ConfigError(
                f"config: primers.fragile_shift_nt is {section['fragile_shift_nt']}; expected one "
                f"of primers.shifts_nt ({', '.join(map(str, section['shifts_nt']))}); add it there"
            )
        others = {"confirmed", *_names(VariantLimits), *_names(DesignLimits)}
        return cls(
            rule=_picked(SearchRule, section),
            products=_picked(ProductLimits, section),
            mix=_picked(ReactionMix, section),
            limits=_picked(OligoLimits, section),
            rules=_picked(OligoRules, section),
            variants=_picked(VariantLimits, section),
            design=_picked(DesignLimits, section),
            confirmed=tuple(confirmed),
            values={key: value for key, value in section.items() if key not in others},
        )


def _picked(group: type[Group], section: Mapping[str, Any]) -> Group:
    """Build a dataclass from the keys of the section that its fields name."""
    values = {name: section[name] for name in _names(group)}
    lists = {name: tuple(value) for name, value in values.items() if isinstance(value, list)}
    return group(**{**values, **lists})


def _names(group: type) -> list[str]:
    return [field.name for field in fields(group)]


def _check_confirmed(confirmed: list[Confirmation]) -> None:
    names = [entry.name for entry in confirmed]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise ConfigError(
            f"config: primers.confirmed: {twice} stands twice; keep the sequence in the tube"
        )
