"""Every binding site by the text of the rule (insilico/rule.py), without seeds, bands or numpy.

For each place where the 3' end may lie, the whole edit-distance table is filled: first the 3' part
of the primer against all that lies before the place, then the 5' part from every cut that the 3'
part allows. A cost is (edits, gaps).
"""

from itertools import pairwise

CODES = {
    **{base: base for base in "ACGT"},
    **dict(zip("RYSWKM", ("AG", "CT", "CG", "AT", "GT", "AC"), strict=True)),
    **dict(zip("BDHVN", ("CGT", "AGT", "ACT", "ACG", "ACGT"), strict=True)),
}
NEVER = (10**6, 10**6)


def other_strand(text):
    """Letters other than the four pair with nothing, on either strand."""
    return text[::-1].translate(str.maketrans("ACGTRYKMBVDH", "TGCAYRMKVBHD"))


def pairs(letter, base):
    return base in "ACGT" and base in CODES[letter]


def plus(cost, mismatches=0, gaps=0):
    return cost[0] + mismatches + gaps, cost[1] + gaps


def table(part, reading, costs):
    """Costs of using up the primer's part and so many bases, from these costs per bases used."""
    for letter in part:
        fresh = [plus(costs[0], gaps=1)]
        for used, base in enumerate(reading, start=1):
            fresh.append(
                min(
                    plus(costs[used - 1], mismatches=not pairs(letter, base)),
                    plus(costs[used], gaps=1),
                    plus(fresh[used - 1], gaps=1),
                )
            )
        costs = fresh
    return costs


def skipping(costs):
    """Let any number of reference bases go unpaired at the cut; they belong to the 5' part."""
    costs = list(costs)
    for used in range(1, len(costs)):
        costs[used] = min(costs[used], plus(costs[used - 1], gaps=1))
    return costs


def cost_at(primer, text, rule):
    """Return {stretch length: cost} of the sites whose 3' end is the end of the text."""
    reading = text[: -(len(primer) + rule.edits_max) - 1 : -1] if text else ""
    cut = max(0, len(primer) - rule.three_prime_nt)
    # A site does not begin, as read from the 3' end, with a base that the primer lacks.
    tail = table(primer[cut:][::-1], reading, [(0, 0), *[NEVER] * len(reading)])
    tail = [cost if cost[0] <= rule.three_prime_edits_max else NEVER for cost in tail]
    whole = table(primer[:cut][::-1], reading, skipping(tail)) if cut else tail
    return {n: cost for n, cost in enumerate(whole) if n and cost[0] <= rule.edits_max}


def sites(primer, text, rule):
    """Return {(strand, 3' end): {length: (edits, gaps)}} of every stretch that is a site."""
    found = {}
    for strand, reading in (("+", text), ("-", other_strand(text))):
        for end in range(1, len(reading) + 1):
            if costs := cost_at(primer, reading[:end], rule):
                found[strand, end if strand == "+" else len(text) - end] = costs
    return found


def three_prime_end(hit):
    return hit.end if hit.strand == "+" else hit.start


def check(hits, primer, text, rule):
    """Compare what a search reports with the rule: all of it, nothing else, once, and the best."""
    truth = sites(primer, text, rule)
    case = f"{primer} in {text} under {rule}"
    for hit in hits:
        costs = truth[hit.strand, three_prime_end(hit)]
        own = text[hit.start : hit.end]
        assert hit.sequence == (own if hit.strand == "+" else other_strand(own)), case
        assert (hit.edits, hit.gaps) == costs[hit.end - hit.start] == min(costs.values()), case
    for strand in "+-":
        kept = [(three_prime_end(h), (h.edits, h.gaps)) for h in hits if h.strand == strand]
        for (own, end), costs in truth.items():
            near = [cost for at, cost in kept if abs(at - end) <= rule.edits_max]
            assert own != strand or (near and min(near) <= min(costs.values())), (case, strand, end)
        assert kept == sorted(kept), case
        assert all(b[0] - a[0] > rule.edits_max for a, b in pairwise(kept)), case
