"""Wells in words: what each shows; replicates that show the same are named together."""

from collections.abc import Iterable, Sequence

from breakpoint_pcr.calling.wells import JudgedWell, shown

CT = "{Ct}"


def well_words(well: JudgedWell) -> str:
    """Describe a well: its Ct as exported, its own Ct, and its curve."""
    return f"{well.reaction.well} {_seen_in(well)}"


def wells_words(wells: Iterable[JudgedWell]) -> list[str]:
    """Describe wells; those that show exactly the same in one phrase."""
    groups: dict[str, list[str]] = {}
    for well in wells:
        groups.setdefault(_seen_in(well), []).append(well.reaction.well)
    return [f"{', '.join(names)} {words}" for words, names in groups.items()]


def _seen_in(well: JudgedWell) -> str:
    reasons = f" ({', '.join(well.shape.reasons)})" if well.shape.reasons else ""
    own = f", own Ct {well.shape.ct_own:.2f}" if well.shape.ct_own is not None else ""
    ct = well.ct_words if well.reaction.ct is None else f"Ct {well.ct_words}"
    return f"{ct}{own}, curve {well.shape.curve}{reasons}"


def outcomes_of(wells: Sequence[JudgedWell]) -> str:
    """Say the outcome of each well and why; those that differ in the Ct alone together."""
    groups: dict[tuple[str, str], list[JudgedWell]] = {}
    for well in wells:
        groups.setdefault((well.outcome, _without_ct(well)), []).append(well)
    return ", ".join(
        f"{', '.join(w.reaction.well for w in mine)} {outcome} ({_with_cts(reason, mine)})"
        for (outcome, reason), mine in groups.items()
    )


def _without_ct(well: JudgedWell) -> str:
    ct = well.reaction.ct
    return well.reason if ct is None else well.reason.replace(shown(ct), CT)


def _with_cts(reason: str, wells: Sequence[JudgedWell]) -> str:
    cts = sorted(well.reaction.ct for well in wells if well.reaction.ct is not None)
    ends = list(dict.fromkeys(shown(ct) for ct in (*cts[:1], *cts[-1:])))
    return reason.replace(CT, " to ".join(ends))
