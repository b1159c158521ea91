"""The call that stands for a sample over all its runs.

A sample is its name. Its runs are taken in the order of time: run date, then run name; a run
without a date counts as older than every dated one. A call that a reviewer overrode counts as the
override. What a run says of a sample is one of three:

- definite: a class label, `mixed` or `negative`;
- open: `inconclusive`, with the classes detected nevertheless and the calls still possible;
- nothing: `invalid`.

The rules; none of them makes a definite call that no run made:

1. No run says anything: `invalid`.
2. Only open runs: `inconclusive`, with the candidates of all of them; none when one of them names
   none, for then nothing is ruled out.
3. Definite runs with one and the same call: that call, on the basis of the latest of them. They
   supersede older open runs, and invalid runs of any age. Two things speak against the call: a
   newer open run that no longer leaves it possible (a negative, then a run that may be a deletion
   or mixed, but not negative), and an open run of any age that detected a class which the call
   denies: what is there under every reading is as definite as a call.
4. Definite runs with different calls, or rule 3 with something against the call: `inconclusive`,
   with every call in dispute as a candidate, no basis, and an error. The majority does not win: a
   swapped tube or a contamination repeats as well as the truth does. A single class and `mixed`
   with that class contradict each other too: a clone is in one run and not in the other. A reviewer
   settles it by a signed override in the run that is wrong.
5. `mixed` twice with different classes is one call: `mixed` stands, and a warning names both lists.

`deletions` always holds the classes found in every run behind the call.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest

from breakpoint_pcr.explanation import INCONCLUSIVE, INVALID, MIXED
from breakpoint_pcr.summary.rows import StandingCall, SummaryFinding
from breakpoint_pcr.tables import Level, Sample

NUMBER = re.compile(r"([0-9]+)")
WORDS = re.compile(r"[^\W\d_]+|\d+|[^\w\s.-]")


def standing_calls(
    results: Iterable[Sample], order: Sequence[str]
) -> tuple[list[StandingCall], list[SummaryFinding]]:
    """Return the standing call of each sample, by name, and what a person should know of it.

    Args:
        results: Calls of all runs, oldest run first; those without a sample name are left out.
        order: Every call there is, in the order in which candidates are listed.
    """
    histories: dict[str, list[Sample]] = {}
    for result in results:
        if result.sample:
            histories.setdefault(result.sample, []).append(result)
    names = sorted(histories, key=_natural)
    standing = [_standing(histories[name], order) for name in names]
    disputes = [f for name in names for f in _findings(histories[name])]
    return standing, [*disputes, *_alike(names)]


def _standing(history: Sequence[Sample], order: Sequence[str]) -> StandingCall:
    behind = _behind(history)
    calls = list(dict.fromkeys(result.call for result in behind))
    agreed = len(calls) == 1
    basis = behind[-1]
    call = basis.call if agreed else INCONCLUSIVE
    return StandingCall(
        sample=basis.sample,
        call=call,
        deletions=_common(behind),
        candidates=_candidates(behind, order) if call == INCONCLUSIVE else (),
        runs=tuple(result.run for result in history),
        calls=tuple(result.call for result in history),
        basis_run=basis.run if agreed else "",
        reason=_reason(history, behind),
        flags=basis.flags if agreed else tuple(dict.fromkeys(f for r in behind for f in r.flags)),
    )


def _behind(history: Sequence[Sample]) -> list[Sample]:
    """Return the runs on which the call rests: those that agree, or those that contradict."""
    definite = [place for place, result in enumerate(history) if _is_definite(result)]
    open_ = [place for place, result in enumerate(history) if result.call == INCONCLUSIVE]
    if definite:
        latest = definite[-1]
        against = [n for n in open_ if _denies(history[n], history[latest], later=n > latest)]
        return [history[place] for place in sorted(definite + against)]
    return [history[place] for place in open_] or list(history)


def _is_definite(result: Sample) -> bool:
    return result.call not in (INCONCLUSIVE, INVALID)


def _denies(result: Sample, definite: Sample, *, later: bool) -> bool:
    """Whether an open result speaks against a definite one."""
    # The list of a mixed call may itself be incomplete, so a class that it lacks proves nothing.
    detected = definite.call != MIXED and not set(result.deletions) <= set(definite.deletions)
    return detected or (later and definite.call not in result.candidates)


def _common(results: Sequence[Sample]) -> tuple[str, ...]:
    others = [set(result.deletions) for result in results[1:]]
    return tuple(d for d in results[0].deletions if all(d in other for other in others))


def _candidates(behind: Sequence[Sample], order: Sequence[str]) -> tuple[str, ...]:
    """Return every call that these runs leave: known ones in their order, then others by name."""
    possible = [r.candidates if r.call == INCONCLUSIVE else (r.call,) for r in behind]
    left = {call for calls in possible for call in calls} if all(possible) else set[str]()
    return (*(c for c in order if c in left), *sorted(left - set(order)))


def _named(result: Sample) -> str:
    """Say what a run found, such as `mixed (A + B) in R1`."""
    detail = " + ".join(result.deletions) if result.call == MIXED else ""
    if result.call == INCONCLUSIVE:
        detail = ", ".join(
            [*(f"{d} detected" for d in result.deletions), *_possible(result.candidates)]
        )
    return f"{result.call}{f' ({detail})' if detail else ''} in {result.run}"


def _possible(candidates: Sequence[str]) -> list[str]:
    return [f"{' or '.join(candidates)} possible"] if candidates else []


def _reason(history: Sequence[Sample], behind: Sequence[Sample]) -> str:
    if len(history) == 1:
        return history[0].reason or "the only run"
    verb = " and " if _agreed(behind) else " contradicts "
    asides = [
        f"{_named(result)}: {_aside(result, behind, history[place + 1 :])}"
        for place, result in enumerate(history)
        if result not in behind
    ]
    return "; ".join([verb.join(map(_named, behind)), *asides])


def _aside(result: Sample, behind: Sequence[Sample], later: Sequence[Sample]) -> str:
    """Say why a run does not count."""
    if any(_is_definite(other) for other in later):
        return "superseded"
    return "no result" if result.call == INVALID else f"leaves {behind[-1].call} possible"


def _agreed(behind: Sequence[Sample]) -> bool:
    return len({result.call for result in behind}) == 1


def _findings(history: Sequence[Sample]) -> Iterator[SummaryFinding]:
    behind = _behind(history)
    sample = behind[0].sample
    said = " and ".join(map(_named, behind))
    if not _agreed(behind):
        sentence = (
            f"Sample {sample}: {said} contradict each other; check for a swapped tube or a "
            "contamination, repeat the sample, and sign an override for the run that is wrong"
        )
        yield SummaryFinding("", Level.ERROR, "sample", sample, "runs_contradict", sentence)
    elif behind[0].call == MIXED and len({result.deletions for result in behind}) > 1:
        sentence = f"Sample {sample}: {said} list different classes; compare the two reports"
        yield SummaryFinding("", Level.WARNING, "sample", sample, "mixed_differs", sentence)


def _alike(names: Iterable[str]) -> Iterator[SummaryFinding]:
    """Yield a warning for names that differ only in case, width, separators or leading zeros."""
    groups: dict[tuple[str, ...], list[str]] = {}
    for name in names:
        groups.setdefault(_skeleton(name), []).append(name)
    for first, *others in groups.values():
        for other in others:
            sentence = (
                f"Samples {first!r} and {other!r} differ only in case, separators or leading "
                "zeros and count as two; if they are one, give them one name in the sample sheet"
            )
            yield SummaryFinding("", Level.WARNING, "sample", first, "names_alike", sentence)


def _skeleton(name: str) -> tuple[str, ...]:
    """Return words and numbers of a name; spreadsheets drop leading zeros, people separators."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    return tuple(part.lstrip("0") for part in WORDS.findall(folded)) or (name,)


def _natural(name: str) -> tuple[list[tuple[int, str]], str]:
    """Sort S-2 before S-10: a longer number is a larger one."""
    parts = NUMBER.split(name)
    texts = [(-1, part) for part in parts[::2]]
    numbers = [(len(part), part) for part in (p.lstrip("0") for p in parts[1::2])]
    return [pair for both in zip_longest(texts, numbers) for pair in both if pair], name
