"""The verification of the shipped panel, and of one for a gene that does not exist."""

import json
import random
from hashlib import sha256
from pathlib import Path

import pytest
import yaml

from breakpoint_pcr.config import read_yaml
from breakpoint_pcr.errors import ConfigError, PanelError
from breakpoint_pcr.insilico.verification import Conditions, decision_table, verify
from breakpoint_pcr.panel import load_panel
from breakpoint_pcr.reference import load_reference
from breakpoint_pcr.tables import Amplifies, Level, Product, Verdict

SECTION = read_yaml(Path("config/config.yaml"))["primers"]
PRINTED, GENOMIC = "GTCTCGGCATACAGGAAGA", "GTCTCGGCATACAGGGAAGA"


def verified(panel="ikzf1", **changes):
    return verify(
        load_panel(Path("resources/primers") / panel),
        load_reference(Path("resources/reference/ikzf1")),
        Conditions.from_config({**SECTION, **changes}),
    )


@pytest.fixture(scope="module")
def shipped():
    return verified()


def primer(found, name):
    return next(entry for entry in found.document["primers"] if entry["name"] == name)


def codes(found, subject):
    return {finding.code for finding in found.findings if finding.subject == subject}


# The shipped panel


@pytest.mark.parametrize(
    ("name", "position", "strand", "region"),
    [
        # Exact sites: grep -b on the joined FASTA, plus the position of its first base.
        ("F.2a", "chr7:50,307,639-50,307,659", "+", "intron 1"),
        ("F.2b", "chr7:50,307,273-50,307,296", "+", "intron 1"),
        ("F.4", "chr7:50,345,095-50,345,115", "+", "intron 3"),
        ("R-7", "chr7:50,395,988-50,396,007", "-", "intron 7"),
        ("R-8", "downstream:687-706", "-", "3' of the locus"),
    ],
)
def test_each_primer_has_one_site(shipped, name, position, strand, region):
    sites = primer(shipped, name)["sites"]
    assert [(s["position"], s["strand"], s["region"]) for s in sites] == [
        (position, strand, region)
    ]


def test_exact_sites_are_where_the_letters_are(shipped):
    locus = load_reference(Path("resources/reference/ikzf1"))
    for site in shipped.sites:
        if not site.edits:
            text = locus.record(site.record).sequence[site.start : site.end]
            turned = text[::-1].translate(str.maketrans("ACGT", "TGCA"))
            own = primer(shipped, site.primer)["sequence"]
            assert own == (text if site.strand == "+" else turned)


def test_published_reverse_primer_lacks_a_base(shipped):
    found = primer(shipped, "R-8")
    site = found["sites"][0]
    assert (site["mismatches"], site["gaps"], site["edits"]) == (0, 1, 1)
    assert site["alignment"] == "GTCTCGGCATACA-GGAAGA / |||||||||||||-|||||| / GTCTCGGCATACAGGGAAGA"
    assert (found["verdict"], found["better_sequence"]) == ("CHECK", GENOMIC)
    sentence = " ".join(found["reasons"])
    assert "one G more between bases 6 and 7 from the 3' end (not gradable)" in sentence
    assert f"{GENOMIC}; check the order sheet" in sentence
    assert "known_deviation" in codes(shipped, "R-8")


def test_corrected_panel_passes():
    found = primer(verified("ikzf1_r8g"), "R-8")
    assert (found["verdict"], found["better_sequence"]) == ("PASS", "")
    exact = [site for site in found["sites"] if not site["edits"]]
    assert [site["position"] for site in exact] == ["downstream:687-706"]


MUST_AND_MAY = {
    # facts/assay.md C1; the 20-nt R-8, and one base less for the published one
    ("Δ4-7", "F.4/R-7"): (163, 184, "must"),
    ("Δ2-7", "F.2a/R-7"): (227, 236, "must"),
    ("Δ2-7", "F.2b/R-7"): (593, 602, "may"),
    ("Δ2-7 left variant", "F.2b/R-7"): (173, 208, "must"),
    ("Δ4-8", "F.4/R-8"): (144, 149, "must"),
    ("Δ4-8 second right", "F.4/R-8"): (711, 711, "may"),
    ("Δ2-8", "F.2a/R-8"): (183, 204, "must"),
    ("Δ2-8", "F.2b/R-8"): (549, 570, "may"),
    ("Δ2-8 second right", "F.2a/R-8"): (766, 766, "may"),
    ("Δ2-8 left variant", "F.2b/R-8"): (176, 176, "must"),
    ("Δ2-8 left variant second right", "F.2b/R-8"): (738, 738, "may"),
}


@pytest.mark.parametrize(("panel", "shorter"), [("ikzf1_r8g", 0), ("ikzf1", 1)])
def test_products_of_every_class(panel, shorter):
    found = {
        (row.allele, row.assay): (row.size_min, row.size_max, str(row.product))
        for row in verified(panel).products
        if row.product is not Amplifies.NONE
    }
    expected = {
        key: (low - shorter * key[1].endswith("R-8"), high - shorter * key[1].endswith("R-8"), kind)
        for key, (low, high, kind) in MUST_AND_MAY.items()
    }
    assert found == expected


def test_one_row_per_allele_assay_and_pair(shipped):
    assert len(shipped.products) == 10 * 6
    second = next(
        r for r in shipped.products if (r.allele, r.assay) == ("Δ2-8 second right", "F.2b/R-8")
    )
    assert (second.size_min, second.product) == (1131, Amplifies.NONE)


def test_wild_type_gives_nothing_below_50_kb(shipped):
    sizes = [row for row in shipped.products if row.allele == "wild type"]
    assert len(sizes) == 6
    assert all(row.size_min > 50_000 and row.product is Amplifies.NONE for row in sizes)


def test_document_is_complete_and_json(shipped):
    document = json.loads(json.dumps(shipped.document, ensure_ascii=False))
    assert list(document) == [
        *("panel", "reference", "conditions", "verdict", "off_targets", "variants", "primers"),
        *("assays", "alleles", "wild_type", "dimers", "kept_assays", "coverage", "robustness"),
        *("probe_room", "design", "genome", "variant_frequency_min", "variant_rows", "findings"),
    ]
    assert document["verdict"] == "CHECK"
    assert (document["off_targets"], document["variants"]) == ("not searched", "not checked")
    others = {"confirmed", "variant_frequency_min", "variant_studies_ignored", "kept_assays"}
    others |= {"variant_surroundings_nt", "shifts_nt", "fragile_shift_nt", "fragile_share_min"}
    assert document["conditions"] == {k: v for k, v in SECTION.items() if k not in others}
    assert document["reference"]["exons"][3] == {"number": 4, "start": 50376533, "end": 50376793}
    assert {a["name"]: a["verified"] for a in document["assays"]} == {
        **dict.fromkeys(("F.2a/R-7", "F.2b/R-7", "F.4/R-7"), True),
        **dict.fromkeys(("F.2a/R-8", "F.2b/R-8", "F.4/R-8"), True),
        "ALB": False,
    }
    main = next(a for a in document["alleles"] if a["allele"] == "Δ4-8")
    assert (main["left_min"], main["left_max"]) == (50345196, 50345197)
    assert (main["right_record"], main["right_min"], main["right_max"]) == ("downstream", 661, 667)


def test_melting_temperatures_of_the_oligos(shipped):
    """Melting temperatures by the formula in test_insilico_thermodynamics."""
    tms = {row.name: row.tm_celsius for row in shipped.oligos}
    assert (tms["R-7"], tms["F.4"]) == (
        pytest.approx(61.35, abs=0.1),
        pytest.approx(64.38, abs=0.1),
    )


def test_limits_of_the_verification_are_said(shipped):
    assert {"off_targets_not_searched", "variants_not_checked"} <= codes(shipped, "panel ikzf1")
    assert codes(shipped, "ALB") == {"control_gene_not_verified"}


# What was ordered


def confirmed(sequence, name="R-8"):
    return [{"name": name, "sequence": sequence, "by": "A. Person", "date": "2026-01-31"}]


def test_ordered_sequence_is_what_is_verified():
    found = verified(confirmed=confirmed(GENOMIC.lower()))
    entry = primer(found, "R-8")
    assert (entry["sequence"], entry["verdict"], entry["length_nt"]) == (GENOMIC, "PASS", 20)
    assert entry["confirmed"] == {"sequence": GENOMIC, "by": "A. Person", "date": "2026-01-31"}
    assert {
        row.size_max for row in found.products if (row.allele, row.assay) == ("Δ4-8", "F.4/R-8")
    } == {149}
    sentence = next(f.sentence for f in found.findings if f.code == "confirmed_differs")
    assert PRINTED in sentence
    assert "its best site: 1 gap" in sentence


def test_confirmation_of_the_printed_sequence_is_noted():
    found = verified(confirmed=confirmed(PRINTED))
    assert "confirmed" in codes(found, "R-8")
    assert primer(found, "R-8")["verdict"] == "CHECK"
    assert primer(found, "F.4")["confirmed"] is None


def test_confirmation_of_an_unknown_oligo_is_refused():
    with pytest.raises(
        ConfigError, match=r"primers\.confirmed: 'R-9' is not in panel ikzf1; found"
    ):
        verified(confirmed=confirmed(GENOMIC, "R-9"))


def test_two_confirmations_of_an_oligo_are_refused():
    with pytest.raises(ConfigError, match="R-8 stands twice"):
        verified(confirmed=confirmed(GENOMIC) + confirmed(PRINTED))


def test_limits_that_cross_are_refused():
    with pytest.raises(ConfigError, match=r"product_must_max_bp is 400, above .*\(300\)"):
        verified(product_may_max_bp=300)


def test_a_shift_that_is_judged_must_be_one_that_is_made():
    with pytest.raises(ConfigError, match=r"fragile_shift_nt is 51; expected one of .*, 50, "):
        verified(fragile_shift_nt=51)


@pytest.mark.parametrize(
    ("change", "subject", "code"),
    [
        ({"tm_max_celsius": 62}, "F.4", "melting_temperature"),
        ({"tm_min_celsius": 61}, "R-8", "melting_temperature"),
        ({"gc_max_percent": 55}, "F.4", "gc_content"),
        ({"hairpin_tm_max_celsius": 30}, "R-7", "hairpin"),
        ({"dimer_dg_min_kcal": -4}, "F.4", "self_dimer"),
        ({"dimer_dg_min_kcal": -3}, "R-7", "dimer"),
        ({"three_prime_dimer_dg_min_kcal": -2}, "F.2b", "dimer"),
        ({"tm_spread_max_celsius": 2}, "R-7", "melting_difference"),
        ({"edits_max": 0}, "R-8", "no_site"),
        # the gap lies between bases 6 and 7: outside the last 6, inside the last 7
        ({"three_prime_edits_max": 0, "three_prime_nt": 6}, "R-8", "edited_site"),
        ({"three_prime_edits_max": 0, "three_prime_nt": 7}, "R-8", "no_site"),
    ],
)
def test_each_limit_makes_its_finding(shipped, change, subject, code):
    found = verified(**change)
    assert code in codes(found, subject)
    assert primer(found, subject)["verdict"] == ("FAIL" if code == "no_site" else "CHECK")
    if code != "edited_site":
        assert code not in codes(shipped, subject)


def test_lost_primer_leaves_its_assays_unverified():
    found = verified(edits_max=0)
    assert found.document["verdict"] == "FAIL"
    unverified = {a["name"] for a in found.document["assays"] if not a["verified"]}
    assert unverified == {"F.2a/R-8", "F.2b/R-8", "F.4/R-8", "ALB"}


# A gene that does not exist: exons 1, 2, 3 at 1,000, 5,000 and 9,000 of 12,000 bases


class MadeUp:
    """Writes a panel and a reference, and verifies them."""

    def __init__(self, folder):
        rng = random.Random(42)
        self.folder = folder
        self.locus = "".join(rng.choices("ACGT", k=12_000))
        self.exons = [(1, 1000, 1100), (2, 5000, 5100), (3, 9000, 9100)]
        self.breakpoints = [("main", 4900, 2, "site", 9400), ("main", 4910, 0, "site", 9410)]
        self.primers = {
            "up": ("primer", self.locus[4800:4820], "+", "2"),
            "down": ("primer", self.turned(9500, 9521), "-", "3"),
        }
        self.assays = [("up/down", "up", "down", "breakpoint", "")]

    def turned(self, start, end):
        return self.locus[start:end][::-1].translate(str.maketrans("ACGT", "TGCA"))

    def verify(self, **changes):
        return verify(self._panel(), self._reference(), Conditions.from_config({**LAX, **changes}))

    def _panel(self):
        folder = self.folder / "panel"
        folder.mkdir(exist_ok=True)
        header = "name\tkind\tsequence\tstrand\tborders_exon\tnote\n"
        rows = ("\t".join((name, *values, "")) for name, values in self.primers.items())
        texts = {
            "primers.tsv": header + "".join(f"{row}\n" for row in rows),
            "assays.tsv": "name\tforward\treverse\tkind\taliases\n"
            + "".join("\t".join(row) + "\n" for row in self.assays),
        }
        info = {"name": "madeup", "version": "1", "title": "t", "citation": "c", "reference": "r"}
        info["files"] = {name: self._write(folder / name, text) for name, text in texts.items()}
        (folder / "info.yaml").write_text(yaml.safe_dump(info))
        return load_panel(folder)

    def _reference(self):
        folder = self.folder / "reference"
        folder.mkdir(exist_ok=True)
        exons = "exon\tstart\tend\n" + "".join(
            f"{n}\t{start + 7_000_001}\t{end + 7_000_000}\n" for n, start, end in self.exons
        )
        breaks = "form\tleft_last_base\tinserted_nt\tright_record\tright_first_base\tevidence\n"
        for form, left, inserted, record, right in self.breakpoints:
            breaks += f"{form}\t{left + 7_000_000}\t{inserted}\t{record}\t{right + 7_000_001}\tx\n"
        record = {
            "name": "site",
            "file": "site.fa",
            "chromosome": "chr9",
            "start": 7_000_001,
            "strand": "+",
            "source": "made up",
            "sha256": self._write(folder / "site.fa", f">site\n{self.locus}\n"),
        }
        info = {
            "gene": "NOGENE",
            "assembly": "none",
            "sequence_accession": "NC_0",
            "transcript": "NM_0",
            "numbering": "1, 2, 3",
            "records": [record],
            "exons": {"file": "e.tsv", "sha256": self._write(folder / "e.tsv", exons)},
            "breakpoints": {"file": "b.tsv", "sha256": self._write(folder / "b.tsv", breaks)},
        }
        (folder / "info.yaml").write_text(yaml.safe_dump(info))
        return load_reference(folder)

    @staticmethod
    def _write(path, text):
        path.write_text(text)
        return sha256(text.encode()).hexdigest()


# Random oligos: only what a test asks for shall matter.
LAX = {
    **SECTION,
    "tm_min_celsius": 40,
    "tm_max_celsius": 80,
    "tm_spread_max_celsius": 30,
    "gc_min_percent": 10,
    "gc_max_percent": 90,
    "hairpin_tm_max_celsius": 80,
    "dimer_dg_min_kcal": -30,
    "three_prime_dimer_dg_min_kcal": -30,
    "anneal_celsius": 75,
    "end_stability_dg_min_kcal": -30,
    "three_prime_gc_max": 5,
    "base_run_max_nt": 20,
    "g_run_max_nt": 20,
    "probe_tm_above_min_celsius": -90,
}


@pytest.fixture
def madeup(tmp_path):
    return MadeUp(tmp_path)


def test_other_gene(madeup):
    found = madeup.verify()
    # The loss of exon 3 alone may give a product from 321 bp on: its left end lies between the
    # exons 2 and 3, and the forward primer borders exon 2.
    assert found.document["verdict"] == "CHECK"
    assert {f.code for f in found.findings if f.level is not Level.INFO} == {"other_class_lit"}
    assert [(r.allele, r.size_min, r.size_max, str(r.product)) for r in found.products] == [
        ("wild type", 9521 - 4800, 9521 - 4800, "none"),
        # 4800..4900, 2, 9400..9521 and 4800..4910, 9410..9521
        ("Δ2-3", 110 + 111, 100 + 2 + 121, "must"),
    ]
    assert [(p.assays, p.call) for p in found.patterns] == [
        ({"up/down": "0"}, "negative"),
        ({"up/down": "1"}, "Δ2-3"),
    ]
    assert primer(found, "up")["sites"][0]["position"] == "chr9:7,004,801-7,004,820"
    assert primer(found, "down")["sites"][0]["region"] == "3' of exon 3"
    assert primer(found, "up")["reasons"] == ["one exact site; oligo and dimers within the limits"]
    assert "IKZF1" not in json.dumps(found.document)


def test_primer_on_the_wrong_strand_fails(madeup):
    madeup.primers["up"] = ("primer", madeup.turned(4800, 4820), "+", "2")
    found = madeup.verify()
    entry = primer(found, "up")
    assert (entry["verdict"], codes(found, "up")) == ("FAIL", {"wrong_strand"})
    assert (
        "declared on strand +, but the best site is chr9:7,004,801-7,004,820 on strand -"
        in (entry["reasons"][0])
    )
    assert entry["sites"][0]["verdict"] == "FAIL"
    assert [row.product for row in found.products] == [Amplifies.NONE] * 2


def test_primer_beside_another_exon_fails(madeup):
    madeup.primers["up"] = ("primer", madeup.locus[800:820], "+", "2")
    found = madeup.verify()
    assert (primer(found, "up")["verdict"], codes(found, "up")) == ("FAIL", {"wrong_region"})
    assert "lies in 5' of exon 1; borders_exon says 2" in primer(found, "up")["reasons"][0]


def test_primer_with_two_exact_sites_fails(madeup):
    madeup.locus = madeup.locus[:6000] + madeup.locus[4800:4820] + madeup.locus[6020:]
    found = madeup.verify()
    assert (primer(found, "up")["verdict"], codes(found, "up")) == ("FAIL", {"several_sites"})


@pytest.mark.parametrize(
    ("edits", "verdict", "code"),
    [(1, Verdict.CHECK, "several_sites"), (3, Verdict.PASS, "further_site")],
)
def test_further_site_weighs_by_its_edits(madeup, edits, verdict, code):
    swap = str.maketrans("ACGT", "CATG")
    copy = madeup.locus[4800:4820]
    copy = copy[:edits].translate(swap) + copy[edits:]
    madeup.locus = madeup.locus[:6000] + copy + madeup.locus[6020:]
    found = madeup.verify()
    assert (primer(found, "up")["verdict"], codes(found, "up")) == (verdict, {code})


def test_terminal_mismatch_that_stalls_the_polymerase_fails(madeup):
    """The template has G: a primer that ends in G is to be avoided, one in T is acceptable."""
    madeup.locus = madeup.locus[:4819] + "C" + madeup.locus[4820:]
    stem = madeup.locus[4800:4819]
    for last, verdict in (("G", "FAIL"), ("T", "CHECK"), ("C", "PASS")):
        madeup.primers["up"] = ("primer", stem + last, "+", "2")
        found = madeup.verify()
        entry = primer(found, "up")
        assert entry["verdict"] == verdict, last
        assert entry["better_sequence"] == ("" if last == "C" else stem + "C")


def test_products_without_a_deletion_fail_both_primers(madeup):
    madeup.primers["down"] = ("primer", madeup.turned(9500, 9521), "-", "3")
    madeup.primers["also"] = ("primer", madeup.turned(5300, 5320), "-", "2")
    madeup.assays.append(("up/also", "up", "also", "breakpoint", ""))
    found = madeup.verify()
    sentences = {f.subject: f.sentence for f in found.findings if f.code == "wild_type_product"}
    assert sentences == {
        "up": "gives a product of 520 bp with also on DNA without a deletion",
        "also": "gives a product of 520 bp with up on DNA without a deletion",
    }
    assert primer(found, "also")["verdict"] == "FAIL"


def test_degenerate_primer_is_searched_as_such(madeup):
    sequence = madeup.locus[4800:4820]
    both = {"A": "R", "G": "R", "C": "Y", "T": "Y"}[sequence[5]]
    madeup.primers["up"] = ("primer", sequence[:5] + both + sequence[6:], "+", "2")
    found = madeup.verify()
    assert primer(found, "up")["verdict"] == "PASS"
    assert "degenerate" in codes(found, "up")


def test_probe_and_control_gene_need_no_site(madeup):
    rng = random.Random(1)
    other = ["".join(rng.choices("ACGT", k=22)) for _ in range(3)]
    madeup.primers |= {
        "probe": ("probe", other[0], "+", ""),
        "cf": ("primer", other[1], "+", ""),
        "cr": ("primer", other[2], "-", ""),
    }
    madeup.assays.append(("GENE", "cf", "cr", "control_gene", ""))
    found = madeup.verify()
    for name in ("probe", "cf", "cr"):
        assert (primer(found, name)["verdict"], codes(found, name)) == (
            "PASS",
            {"site_not_verified"},
        )
    assert "not verified" in primer(found, "probe")["reasons"][0]
    assert codes(found, "GENE") == {"control_gene_not_verified"}
    assert [row.assay for row in found.products] == ["up/down"] * 2


def test_alleles_that_the_panel_does_not_see_are_named(madeup):
    madeup.breakpoints += [
        ("main", 900, 0, "site", 5200),  # Δ1-2: no pair
        ("far_left", 4000, 0, "site", 9410),  # loses the forward site
        ("late", 4910, 0, "site", 9090),  # removes exon 2 only
        ("odd", 6000, 0, "site", 7000),  # removes nothing
    ]
    found = madeup.verify()
    levels = {(f.subject, f.code): f.level for f in found.findings if f.scope == "assay"}
    assert levels == {
        ("Δ1-2", "allele_not_seen"): Level.INFO,
        ("Δ2-3 far left", "allele_not_seen"): Level.WARNING,
        ("Δ2-2 late", "long_product_only"): Level.INFO,
        # Its long product lights the only well of the panel, which stands for Δ2-3.
        ("Δ2-2", "class_not_resolved"): Level.WARNING,
        ("up/down", "other_class_lit"): Level.WARNING,
        ("NOGENE", "breakpoint_without_exon"): Level.WARNING,
        ("NOGENE", "deletions_not_seen"): Level.INFO,
    }


def test_class_without_breakpoints_is_named(madeup):
    madeup.breakpoints = [("main", 900, 0, "site", 5200)]
    assert "class_without_breakpoints" in codes(madeup.verify(), "Δ2-3")


def test_short_primer_is_refused(madeup):
    madeup.primers["up"] = ("primer", "ACGTACG", "+", "2")
    with pytest.raises(PanelError, match="primer up: 7 nt"):
        madeup.verify()


# The decision table


def products(count):
    """Return `count` classes, each lit by an assay of its own."""
    return [
        Product(f"Δ{n}-{n}", f"Δ{n}-{n}", f"a{n}", "f", "r", 100, 100, Amplifies.MUST)
        for n in range(count)
    ]


def test_all_patterns_in_counting_order():
    rows = decision_table(["a0", "a1"], products(2))
    assert [("".join(row.assays.values()), row.call) for row in rows] == [
        ("00", "negative"),
        ("01", "Δ1-1"),
        ("10", "Δ0-0"),
        ("11", "mixed"),
    ]


def test_many_assays_are_listed_with_few_positives():
    """1 + 13 + 13*12/2 + 13*12*11/6 + 13*12*11*10/24 = 1093 patterns of 13 assays."""
    names = [f"a{n}" for n in range(13)]
    rows = decision_table(names, products(13))
    assert len(rows) == 1093
    assert max(sum(map(int, row.assays.values())) for row in rows) == 4
    assert len(decision_table(names[:12], products(12))) == 4096
