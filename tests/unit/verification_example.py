"""A made-up panel.json with every key that the verification shows, small enough to check by hand.

Deletions of consecutive exons of 3 exons are 6: 1-1, 1-2, 1-3, 2-2, 2-3, 3-3.
"""

from pathlib import Path
from typing import Any

from report_example import allele, example_panel, primer, product, site

FONTS = Path("resources/fonts")
# Read from the right, base 1 is the last G. The primer lacks the G between its bases 7 and 8.
GAP = "ACGTTGCATGCAT-TGCAACG / |||||||||||||-||||||| / ACGTTGCATGCATGTGCAACG"
# Base 2 from the right: primer C meets site G; its template base is C: C-C, to be avoided there.
MISMATCH = "ACGTTGCATGCATTGCAACG / ||||||||||||||||||.| / ACGTTGCATGCATTGCAAGG"


def coverage(deletion: str, seen: str, assays: tuple[str, ...] = (), **values: Any) -> dict:
    row = {"recurrent": False, "size_min": None, "share": 0.0, "sentence": f"about {deletion}"}
    return {"deletion": deletion, "seen": seen, "assays": list(assays), **row, **values}


def resolution(deletion: str, form: str, assays: tuple[str, ...] = (), **values: Any) -> dict:
    row = {"long_only": False, "confused_with": [], "seen": True}
    return {"deletion": deletion, "form": form, "assays": list(assays), **row, **values}


def genome_site(name: str, record: str, edits: int, **values: Any) -> dict:
    row = {
        "start": 999,
        "end": 1019,
        "strand": "-",
        "mismatches": edits,
        "gaps": 0,
        "alignment": MISMATCH,
        "verdict": "CHECK",
        "target": False,
    }
    return {"primer": name, "record": record, "edits": edits, **row, **values}


def genome_product(record: str, size: int, assays: tuple[str, ...] = (), **values: Any) -> dict:
    row = {"start": 4999, "plus": "L.2", "minus": "R-5", "facing": "F-R", "edits": 3}
    base = {"record": record, "size": size, "end": 4999 + size, "assays": list(assays)}
    return {**base, **row, "target": False, **values}


def variant(name: str, place: int, level: str, frequency: float | None, **values: Any) -> dict:
    row = {
        "chromosome": "chr9",
        "position": 1020004,
        "identifier": "rs1",
        "reference": "C",
        "alternative": "T",
        "population": "AFR",
    }
    return {"primer": name, "place": place, "level": level, "frequency": frequency, **row, **values}


def new_keys() -> dict[str, Any]:
    """Return the keys that older files of a panel lack."""
    room = {"left_min": 66, "left_max": 82, "right_min": 42, "right_max": 42}
    return {
        "provenance": {"breakpoint-pcr": "9.8.7", "primer3-py": "2.0.0"},
        "off_targets": "searched: madeup.fa.gz",
        "genome": {
            "file": "madeup.fa.gz",
            "sha256": "0a" * 32,
            "records": 3,
            "bases": 1234567,
            "site_counts": [
                {"primer": "L.2", "edits": {"0": 1, "2": 4}, "target": 1},
                {"primer": "R-5", "edits": {"0": 1, "1": 2}, "target": 1},
            ],
            "sites": [
                genome_site("L.2", "chr2", 2),
                genome_site("R-5", "chr3", 1),
                genome_site("L.2", "chr9", 0, target=True),
            ],
            "products": [
                genome_product("chr2", 321),
                genome_product("chr3", 456, ("L.2/R-5",)),
                genome_product("chr9", 800, ("L.2/R-5",), target=True),
            ],
        },
        "variants": "checked: madeup.vcf.gz",
        "variant_frequency_min": 0.001,
        "variant_rows": [
            variant("L.2", 14, "info", None, identifier=""),
            variant("L.3", 1, "warning", 0.0125),
        ],
        "coverage": [
            coverage("Δ1-1", "never"),
            coverage("Δ1-2", "depends on the breakpoints", ("L.2/R-5",), size_min=90, share=0.25),
            coverage("Δ1-3", "never", recurrent=True),
            coverage("Δ2-2", "long product only", ("L.2/R-5",), size_min=640),
            coverage(
                "Δ2-3", "must", ("L.2/R-5", "L.3/R-5"), recurrent=True, size_min=41, share=0.004
            ),
            coverage("Δ3-3", "never"),
        ],
        "robustness": [
            {"allele": "Δ3-5", "shift_nt": 50, "must": 0.996, "may": 1.0},
            {"allele": "Δ3-5", "shift_nt": 10, "must": 1.0, "may": 1.0},
            {"allele": "Δ2-5", "shift_nt": 50, "must": 0.0, "may": 0.0004},
        ],
        "probe_room": [
            {"allele": "Δ3-5", "assay": "L.3/R-5", "forward": "L.3", "reverse": "R-5", **room}
            | {"probe": "P-1", "probed": "deleted"},
            {"allele": "Δ2-5", "assay": "L.2/R-5", "forward": "L.2", "reverse": "R-5", **room}
            | {"probe": "P-1", "probed": "kept"},
        ],
        "kept_assays": ["L.3/R-5", "L.2/R-5"],
        "design": [
            resolution("Δ3-5", "Δ3-5", ("L.3/R-5",)),
            resolution("Δ2-5", "Δ2-5", ("L.2/R-5",), confused_with=["Δ3-5", "mixed"]),
            resolution("Δ2-5", "Δ2-5 b", ("L.2/R-5",), long_only=True, confused_with=["negative"]),
            resolution("Δ2-6", "Δ2-6", seen=False),
        ],
    }


def full_panel(**changes: Any) -> dict[str, Any]:
    """Return panel.json with every key."""
    return {**example_panel(), **new_keys(), **changes}


def many(primers: int, assays: int) -> dict[str, Any]:
    """Return a panel of so many primers and assays, with long names."""
    panel = full_panel()
    half = max(1, primers // 2)
    names = [f"forward-{n}" if n < half else f"reverse-{n}" for n in range(primers)]
    panel["primers"] = [
        primer(
            name,
            "+" if n < half else "-",
            2,
            [
                site(
                    "locus",
                    2000 * n + 3000,
                    f"chr9:{2000 * n}",
                    "+" if n < half else "-",
                    GAP if n % 5 == 4 else "",
                )
            ],
            verdict="CHECK" if n % 5 == 4 else "PASS",
            better="ACGTTGCATGCATGTGCAACG" if n % 5 == 4 else "",
        )
        for n, name in enumerate(names)
    ]
    pairs = (
        [(names[n % half], names[half + n % (primers - half)]) for n in range(assays)]
        if primers > 1
        else []
    )
    labels = [f"{f}/{r} #{n}" for n, (f, r) in enumerate(pairs)]
    panel["assays"] = [
        {"name": n, "kind": "breakpoint", "pairs": [n], "deletions": ["Δ2-5"], "verified": True}
        for n in labels
    ]
    panel["wild_type"] = [
        product(n, p, 30000, None, "none") for n, p in zip(labels, pairs, strict=True)
    ]
    panel["alleles"] = [
        allele(
            f"Δ2-5 form {k}",
            (1010090, 1010110),
            (1049900, 1049920),
            "locus",
            [
                product(n, p, 200 + k, 250, "must" if i % 3 else "may")
                for i, (n, p) in enumerate(zip(labels, pairs, strict=True))
                if i % 7 == k % 7
            ],
        )
        for k in range(min(assays, 12))
    ]
    panel["dimers"] = [
        {
            "first": a,
            "second": b,
            "tm_celsius": 12.0,
            "dg_kcal": -10.55 if (i + j) % 9 == 0 else -3.21,
            "three_prime_dg_kcal": -2.0,
            "share_an_assay": (i + j) % 4 == 0,
        }
        for i, a in enumerate(names)
        for j, b in enumerate(names)
        if i < j
    ]
    panel["conditions"] = {**panel["conditions"], "dimer_dg_min_kcal": -9}
    panel["kept_assays"] = labels
    return panel
