"""What must hold of every call, whatever is on the plate.

`possible` is what "definite" means here: the calls that a row leaves open. A definite call leaves
one; inconclusive leaves its candidates; invalid, alone or among the candidates, leaves everything.
A call gets more definite when something drops out of the set.
"""

from collections import Counter
from dataclasses import replace
from itertools import chain, combinations, product

import pytest
from calling_bench import (
    CONTROLS,
    NEG,
    OMITTED,
    PAIRS,
    PANEL,
    POS,
    READINGS,
    REV,
    SIGNATURES,
    STANDARD,
    call,
    controls,
    entry,
    expects,
    ntc,
    positive,
    products,
    reaction,
    sample,
    settings,
    the,
    wild_type,
)
from hypothesis import given
from hypothesis import settings as profile
from hypothesis import strategies as st
from test_calling import flat, sigmoid

from breakpoint_pcr.calling import call_run
from breakpoint_pcr.runs import RunRecord, SheetEntry, Status
from breakpoint_pcr.tables import Curve, Role

EVERY = frozenset({"Δ2-7", "Δ2-8", "Δ4-7", "Δ4-8", "mixed", "negative", "invalid"})
RULES = ("agree", "majority", "any_positive")
PATTERN = st.text("+-?x.", min_size=6, max_size=6)
SIX = st.text("+-?x", min_size=6, max_size=6)
GENES = st.sampled_from([(22.0, STANDARD), (28.5, STANDARD), NEG, REV, OMITTED, None])
CONTROL = st.sampled_from([ntc, wild_type, positive])


def possible(row):
    open_ = {
        "invalid": EVERY,
        "inconclusive": set(row.candidates) or EVERY,
    }.get(row.call, {row.call})
    return EVERY if "invalid" in open_ else frozenset(open_)


def less_or_equally_definite(before, after):
    for one, other in zip(before.samples, after.samples, strict=True):
        assert possible(one) <= possible(other), (one.call, other.call)
        assert set(other.deletions) <= set(one.deletions)


def spoilt(kind, letters):
    """The wells of a control that fail: what must stay dark is lit or in doubt, or the reverse."""
    bad = letters.replace("+", "-") if kind is positive else letters.replace("-", "+")
    return [e for e in kind(bad, alb=None) if e[2] != OMITTED]


@profile(max_examples=80, deadline=None, derandomize=True)
@given(
    st.lists(st.tuples(PATTERN, GENES), min_size=1, max_size=3),
    st.lists(st.tuples(CONTROL, SIX), max_size=3),
    st.tuples(CONTROL, SIX),
    st.tuples(st.sampled_from(RULES), st.sampled_from(["assay", "class"]), st.booleans()),
)
def test_a_failed_control_never_makes_a_call_more_definite(patterns, plate, failing, rules):
    rule, per, required = rules
    samples = [e for n, (p, gene) in enumerate(patterns) for e in sample(f"S{n}", p, gene)]
    beside = [e for kind, letters in plate for e in kind(letters)]
    need = {"required": required}
    limits = settings(
        controls={"ntc": need, "wild_type": need, "positive": need | {"per": per}},
        replicates={"rule": rule},
    )
    before = call(samples, beside, limits=limits)
    less_or_equally_definite(before, call(samples, beside, spoilt(*failing), limits=limits))


@profile(max_examples=40, deadline=None, derandomize=True)
@given(
    st.lists(st.tuples(PATTERN, GENES), min_size=1, max_size=3),
    st.sampled_from([20.0, 31.0, 36.5, None]),
)
def test_water_with_dna_never_makes_a_call_more_definite(patterns, ct):
    samples = [e for n, (p, gene) in enumerate(patterns) for e in sample(f"S{n}", p, gene)]
    dirty = entry("NTC2", "ALB", (ct, STANDARD), Role.NTC)
    less_or_equally_definite(call(samples, controls()), call(samples, controls(), dirty))


@profile(max_examples=40, deadline=None, derandomize=True)
@given(st.lists(PATTERN, min_size=1, max_size=3), SIX, st.sampled_from(["Δ4-7", "Δ2-7", "Δ2-8"]))
def test_a_control_that_lights_what_it_does_not_hold(patterns, letters, held):
    """A positive control of one class, lit elsewhere or dark where it must be lit."""
    samples = [e for n, p in enumerate(patterns) for e in sample(f"S{n}", p)]
    beside = [*samples, *controls()]
    lights = set(SIGNATURES[held])
    wrong = [
        e
        for e in positive(letters, alb=None, name="PC2")
        if e[2] != OMITTED and (e[2] == POS) is not (e[1] in lights)
    ]
    with_wrong = [*beside, *wrong]
    sheet = expects("PC2", (held,), with_wrong)
    less_or_equally_definite(call(beside), call(with_wrong, sheet=sheet))


@profile(max_examples=40, deadline=None, derandomize=True)
@given(st.lists(PATTERN, min_size=1, max_size=4), st.floats(26.0, 34.0), st.floats(26.0, 34.0))
def test_an_inhibited_control_never_makes_a_call_more_definite(patterns, ct, late):
    """Samples at 100 ng and Ct 22, one of them late; then a wild-type control that is late too."""
    gene = CONTROLS["control_gene"] | {"delay_max": 1, "delay_others_min": 3, "ct_max": 40}
    limits = settings(controls={"control_gene": gene})
    samples = [e for n, p in enumerate(patterns) for e in sample(f"S{n}", p)]
    samples += sample("L", "------", (ct, STANDARD))
    inputs = dict.fromkeys(("S0", "S1", "S2", "S3", "L", "WT", "PC", "WT2"), 100)
    bad = entry("WT2", "ALB", (late, STANDARD), Role.NEGATIVE_CONTROL)
    before = call(samples, controls(), limits=limits, inputs=inputs)
    after = call(samples, controls(), bad, limits=limits, inputs=inputs)
    if len(patterns) > 1:
        less_or_equally_definite(before, after)
        assert the(before, "L").call == "invalid"


# --- order ----------------------------------------------------------------------------------------


@profile(max_examples=40, deadline=None, derandomize=True)
@given(st.lists(PATTERN, min_size=1, max_size=4), st.randoms(use_true_random=False))
def test_the_order_of_the_rows_changes_nothing(patterns, random):
    entries = [e for n, p in enumerate(patterns) for e in sample(f"S{n}", p)]
    entries += [*ntc("--?---"), *wild_type(), *positive("+++-++")]
    placed = [(*e[:4], f"{'ABCDEFGH'[n % 8]}{n // 8 + 1}") for n, e in enumerate(entries)]
    shuffled = list(placed)
    random.shuffle(shuffled)
    first, second = call(placed), call(shuffled)
    assert first.samples == second.samples
    assert first.findings == second.findings
    assert sorted(first.wells, key=str) == sorted(second.wells, key=str)


def readings_and_curves(entries, places, files, names):
    """Reactions with curves, as a reader of several files would return them."""
    reactions, curves = [], []
    for n, (name, assay, (ct, _, *state), role, _) in enumerate(entries):
        known = {"sample": names.get(name, name), "role": role, "well": places[n]}
        made = reaction(assay, ct, *state, file=files[n], input_ng=100, **known)
        reactions.append(made)
        curves.append(Curve("run", places[n], assay, flat() if ct is None else sigmoid(ct)))
    return reactions, curves


def called(reactions, curves):
    gene = CONTROLS["control_gene"] | {"delay_max": 1}
    return call_run(
        RunRecord("run", Status.READ),
        reactions,
        curves,
        products(),
        panel=PANEL,
        settings=settings(controls={"control_gene": gene}),
        unconfirmed=frozenset({"R-8"}),
    )


def told(result, names):
    """What is called, free of wells and order."""
    back = {new: old for old, new in names.items()}
    rows = {
        back.get(r.sample, r.sample): (
            r.call,
            r.deletions,
            r.candidates,
            r.flags,
            {assay: sorted(ct.split(";")) for assay, ct in r.cts.items()},
        )
        for r in result.samples
    }
    return rows, Counter((f.level, f.scope, f.code) for f in result.findings)


@profile(max_examples=12, deadline=None, derandomize=True)
@given(st.randoms(use_true_random=False))
def test_wells_files_and_names_of_samples_change_nothing(random):
    """The same tubes elsewhere on the plate, in two files, under other names."""
    entries = [*sample("S1", "--+---"), *sample("S2", "?--+-x"), *sample("S3", "-----.")]
    entries += [*sample("S4", "------", (24.0, STANDARD)), entry("S1", "F.4/R-7", NEG)]
    entries += [entry("S3", "F.4/R-8", (35.2, STANDARD)), entry("S3", "F.4/R-8", POS)]
    entries += controls()
    places = [f"{row}{column}" for row in "ABCDEFGH" for column in range(1, 13)][: len(entries)]
    plain = called(*readings_and_curves(entries, places, ["one"] * len(entries), {}))
    moved = random.sample(places, len(places))
    files = [random.choice(["one", "two"]) for _ in entries]
    names = dict(zip(["S1", "S2", "S3", "S4"], random.sample(["W", "X", "Y", "Z"], 4), strict=True))
    traces = list(zip(*readings_and_curves(entries, moved, files, names), strict=True))
    random.shuffle(traces)
    other = called([r for r, _ in traces], [c for _, c in traces])
    assert told(plain, {}) == told(other, names)
    calls = {r.sample: r.call for r in plain.samples}
    # S1: two wells of F.4/R-7 disagree. S2: the curves of both lit wells are made standard here.
    # S4: two cycles later than 100 ng explain, beside 22.0 of S1 S2 S3 WT PC.
    assert calls == {"S1": "inconclusive", "S2": "mixed", "S3": "Δ4-8", "S4": "invalid"}


@profile(max_examples=40, deadline=None, derandomize=True)
@given(st.permutations(["S1", "S2", "S3"]), st.randoms(use_true_random=False))
def test_joined_samples_do_not_hang_on_the_order(order, random):
    wells = [entry(n, "F.4/R-7", POS, at=f"A{i}") for i, n in enumerate(order, start=1)]
    wells += [entry(n, "ALB", POS, at=f"B{i}") for i, n in enumerate(order, start=1)]
    place = {name: f"A{i}" for i, name in enumerate(order, start=1)}
    lines = [
        SheetEntry(place["S2"], sample="S2", replicate_of="S1", patient_ref="P1"),
        SheetEntry(place["S2"].replace("A", "B"), sample="S2", replicate_of="S1"),
        SheetEntry(place["S1"], sample="S1", patient_ref="P1"),
    ]
    random.shuffle(lines)
    result = call(wells, controls(), sheet=lines)
    assert {r.sample for r in result.samples} == {"S1", "S3"}


# --- more positive --------------------------------------------------------------------------------


@profile(max_examples=80, deadline=None, derandomize=True)
@given(
    PATTERN,
    st.text("+-?x", max_size=2),
    st.tuples(st.integers(0, 5), st.sampled_from([("-", "?"), ("-", "+"), ("?", "+")])),
    SIX,
    st.sampled_from(RULES),
)
def test_a_more_positive_well_never_removes_a_class(letters, others, change, lit, rule):
    """One well goes up from negative over review to positive, others of its assay stay.

    This holds where an assay shows one class. A pool of several can lose one: see below.
    """
    place, step = change
    limits = settings(replicates={"rule": rule})
    beside = [entry("S", PAIRS[place], READINGS[letter]) for letter in others]
    beside += [*ntc(), *wild_type(), *positive(lit), *sample("T", "------")]
    before, after = (
        the(call(sample("S", letters[:place] + x + letters[place + 1 :]), beside, limits=limits))
        for x in step
    )
    assert set(before.deletions) <= set(after.deletions)


def test_a_pool_is_explained_by_what_its_single_well_shows():
    """All F with R-8 beside F.4/R-8: the dark single well leaves Δ2-8, the lit one Δ4-8 alone.

    So a class can be replaced by a well that is more positive; the pool alone never proved it.
    """
    pooled = replace(
        PANEL.assay("F.4/R-8"),
        name="all/R-8",
        pairs=tuple(pair for name in PAIRS[3:] for pair in PANEL.assay(name).pairs),
    )
    panel = replace(PANEL, assays=(pooled, PANEL.assay("F.4/R-8"), PANEL.assay("ALB")))
    pairs = ("all/R-8", "F.4/R-8")
    rows = [
        the(call(sample("S", letters, pairs=pairs), controls(pairs), panel=panel))
        for letters in ("+-", "++")
    ]
    # The second right breakpoint of Δ4-8 gives a long product, which may stay dark in F.4/R-8.
    assert [row.call for row in rows] == ["inconclusive", "Δ4-8"]
    assert rows[0].candidates == ("Δ2-8", "Δ4-8")


# --- every pattern --------------------------------------------------------------------------------


def smallest_class_sets(reading):
    """The classes of every smallest set of alleles that fits, straight from the signatures."""
    fits = [
        group
        for size in range(len(SIGNATURES) + 1)
        for group in combinations(SIGNATURES, size)
        if all(_fits(group, pair, lit) for pair, lit in reading.items())
    ]
    size = min(map(len, fits))
    return {frozenset(name.split(" ")[0] for name in group) for group in fits if len(group) == size}


def _fits(group, pair, lit):
    made = {SIGNATURES[name].get(pair, (0, 0, "none"))[2] for name in group}
    return bool(made & {"must", "may"}) if lit else "must" not in made


def _label(classes):
    return "mixed" if len(classes) > 1 else next(iter(classes), "negative")


@pytest.fixture(scope="module")
def every_reading():
    found = {}
    for values in product([0, 1], repeat=6):
        sets = smallest_class_sets(dict(zip(PAIRS, values, strict=True)))
        assert len(sets) == 1
        found[values] = next(iter(sets))
    return found


def test_every_pattern_with_unknowns_equals_the_brute_force(every_reading):
    """3^6 patterns: call, deletions and candidates from sets of alleles, not from the engine."""
    patterns = ["".join(letters) for letters in product("+-?", repeat=6)]
    result = call(*(sample(p, p) for p in patterns), controls())
    rows = {row.sample: row for row in result.samples}
    assert len(rows) == 729
    counts = Counter()
    for pattern in patterns:
        options = [{"+": [1], "-": [0], "?": [0, 1]}[letter] for letter in pattern]
        ways = [every_reading[values] for values in product(*options)]
        found = {_label(way) for way in ways}
        row = rows[pattern]
        assert set(row.deletions) == frozenset.intersection(*ways), pattern
        assert row.call == (found.pop() if len(found) == 1 else "inconclusive"), pattern
        assert set(row.candidates) == (found if row.call == "inconclusive" else set()), pattern
        counts[row.call] += "?" not in pattern
    # assay.md section 0: 64 patterns are 1 negative, 1+3+1+3 of one class, 55 mixed.
    assert counts == {"negative": 1, "Δ4-7": 1, "Δ2-7": 3, "Δ4-8": 1, "Δ2-8": 3, "mixed": 55} | {
        "inconclusive": 0
    }


def test_every_kind_of_unknown_is_the_same_unknown():
    """?, omitted, and not run: 2^6 places each, with F.4/R-7 positive where it is not unknown."""
    places = [set(c) for c in chain.from_iterable(combinations(range(6), n) for n in range(6))]
    base = "--+---"
    rows = {}
    for kind in "?x.":
        names = {
            "".join(kind if n in hidden else base[n] for n in range(6)): tuple(sorted(hidden))
            for hidden in places
        }
        result = call(*(sample(n, n) for n in names), sample("T", "------"), controls())
        for row in result.samples:
            if row.sample != "T":
                key = kind, names[row.sample]
                rows[key] = row.call, row.deletions, row.candidates
    for hidden in places:
        key = tuple(sorted(hidden))
        assert rows["x", key] == rows[".", key] == rows["?", key], key
