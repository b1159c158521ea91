"""XML and JSON documents that are large, deep or odd inside, and what must come of each."""

import json
import zipfile

from hostile_pieces import MB, RDML, READ, zipped

MANY = "at most|more than"
WITHOUT = "RDML without reactions"
DEEP = "50 levels|more than|damaged"
RUN_HEAD, _, REST = RDML.partition("<react")
REACT = '<react id="{}"><sample id="S"/><data><tar id="ALB"/><cq>22.5</cq></data></react>'
TAIL = "</run></experiment></rdml>"


def rdml(inner):
    return (RUN_HEAD + inner + TAIL).encode()


def changed(old, new):
    assert old in RDML
    return RDML.replace(old, new, 1).encode()


def cq(text):
    return changed("<cq>2.5<", f"<cq>{text}<").replace(b"<cyc>1<", b"<cyc>40<")


def points(count):
    """One reaction whose curve has this many points."""
    more = "".join(f"<adp><cyc>{n}</cyc><fluor>1</fluor></adp>" for n in range(1, count))
    return changed("<adp>", more + "<adp>")


def eds_2(results, setup='{"blockType": "BLOCK_96W"}'):
    """An EDS of version 2."""
    members = [
        ("Manifest.mf", "Specification-Version: 2.0\n"),
        ("setup/plate_setup.json", setup),
        ("summary.json", json.dumps({"blockType": "BLOCK_96W"})),
        ("primary/analysis_result.json", results),
    ]
    return zipped(members, zipfile.ZIP_STORED)


def eds_1(results, plate="<Plate><Rows>8</Rows><Columns>12</Columns></Plate>"):
    """An EDS of version 1 with these results."""
    members = [
        ("apldbio/sds/plate_setup.xml", plate),
        ("apldbio/sds/experiment.xml", "<Experiment/>"),
        ("apldbio/sds/analysis_result.txt", results),
    ]
    return zipped(members, zipfile.ZIP_STORED)


RESULTS = "Well\tSample Name\tDetector\tTask\tCt\n"


def rex(inner, samples=b""):
    head = b"<Experiment>\n<RexHeader>REX 3.14</RexHeader>\n<Samples>" + samples + b"</Samples>"
    return head + b"<RawChannels>" + inner + b"</RawChannels></Experiment>"


DEEP_JSON = "[" * 100_000 + "]" * 100_000
WELL_RESULTS = '{"wellResults": [{"wellIndex": 0, "reactionResults": [%s]}]}'
REACTION = '{"targetName": "ALB", "task": "UNKNOWN", "amplificationResult": {"cq": %s}}'
CASES = {
    # RDML.
    "310,000 reacts": (lambda: rdml("".join(map(REACT.format, range(310_000)))), MANY),
    "100,000 reacts of one well": (lambda: rdml(REACT.format(1) * 100_000), MANY + "|twice"),
    "a react of id 10**30": (lambda: rdml(REACT.format("1" + "0" * 30)), "well|react"),
    "a react of id 0": (lambda: rdml(REACT.format(0)), "well|react"),
    "a react of id -1": (lambda: rdml(REACT.format(-1)), "well|react"),
    "a react of id 1_0": (lambda: rdml(REACT.format("1_0")), "well|react"),
    "a react in Arabic digits": (lambda: rdml(REACT.format("٣")), "well|react"),
    "a plate of 10**9 rows": (lambda: changed("<rows>8<", "<rows>1000000000<"), "export|read"),
    "a plate of no rows": (lambda: changed("<rows>8<", "<rows>0<"), "export|read"),
    "100,000 points of one curve": (lambda: points(100_000), MANY + "|cycle"),
    "a cycle of 10**18": (lambda: changed("<cyc>1<", "<cyc>1000000000000000000<"), "cycle"),
    "a cycle of 1e400": (lambda: changed("<cyc>1<", "<cyc>1e400<"), "cycle|number"),
    "a cycle of NaN": (lambda: changed("<cyc>1<", "<cyc>NaN<"), "cycle|number"),
    "a fluorescence of infinity": (lambda: changed("<fluor>1<", "<fluor>INF<"), "number|read"),
    "a Cq of 1e400": (lambda: cq("1e400"), "Ct of A1|Cq"),
    "a Cq of INF": (lambda: cq("INF"), READ),
    "a Cq with an underscore": (lambda: cq("2_2.5"), "Ct of A1|Cq"),
    "a Cq in hex": (lambda: cq("0x16"), "Ct of A1|Cq"),
    "a Cq in wide digits": (lambda: cq("２２"), "Ct of A1|Cq"),
    "a Cq of elements": (lambda: cq("<a>22</a>.5"), READ),
    "two Cqs": (lambda: cq("2.5</cq><cq>3.5"), "export|read|Cq"),
    "a Cq in CDATA": (lambda: cq("<![CDATA[22.5]]>"), READ),
    "a Cq by entities": (lambda: cq("&#50;2.5"), READ),
    "a comment in a Cq": (lambda: cq("2<!-- -->2.5"), READ),
    "100,000 levels of XML": (("<rdml>" + "<a>" * 100_000).encode, DEEP),
    "100,000 levels within a react": (
        lambda: rdml('<react id="1">' + "<a>" * 100_000 + "</a>" * 100_000 + "</react>"),
        DEEP,
    ),
    "100,000 runs": (
        lambda: RDML.replace("<run ", '<run id="x"/>' * 100_000 + "<run ").encode(),
        READ,
    ),
    "100,000 samples": (
        lambda: RDML.replace(
            "<experiment", "".join(f'<sample id="{n}"/>' for n in range(100_000)) + "<experiment", 1
        ).encode(),
        READ,
    ),
    "attributes of 90 KB in each of 200 tags": (
        lambda: rdml(('<react id="1" x="' + "y" * 90_000 + '"/>') * 200),
        WITHOUT,
    ),
    "11,000 attributes in a tag": (
        lambda: rdml("<a " + " ".join(f'a{n}=""' for n in range(11_000)) + "/>"),
        WITHOUT,
    ),
    "colliding attributes": (
        lambda: rdml("<a " + " ".join(f'a{n}="" a{n}=""' for n in range(5)) + "/>"),
        "damaged",
    ),
    "a million name spaces": (
        lambda: rdml("".join(f'<a xmlns:n{n}="u"/>' for n in range(200_000))),
        WITHOUT,
    ),
    "comments of 20 MB": (lambda: rdml("<!--" + "x" * 20 * MB + "-->"), "XML tag of"),
    "instructions of 20 MB": (lambda: rdml("<?x " + "y" * 20 * MB + "?>"), "XML tag of"),
    "a million instructions": (lambda: rdml("<?x?>" * MB), WITHOUT),
    "an XML of UTF-7": (
        lambda: RDML.replace("?>", ' encoding="utf-7"?>').encode("utf-7"),
        "an encoding that cannot be read",
    ),
    "an XML of UTF-32": (lambda: RDML.encode("utf-32"), "export"),
    "an XML of UTF-16": (lambda: RDML.encode("utf-16"), READ),
    "an XML that says UTF-16 and is not": (
        lambda: RDML.replace("?>", ' encoding="utf-16"?>').encode(),
        "damaged|read",
    ),
    "an XML of an unknown encoding": (
        lambda: RDML.replace("?>", ' encoding="x-none"?>').encode(),
        "an encoding that cannot be read",
    ),
    "an XML of half a pair": (
        lambda: RDML.replace('"S"', '"S\ud800"').encode("utf-8", "surrogatepass"),
        "damaged|export",
    ),
    "an XML of half a pair by entity": (lambda: changed('"S"', '"S&#xD800;"'), "damaged"),
    "an XML of NUL by entity": (lambda: changed('"S"', '"S&#0;"'), "damaged"),
    "an XML with NUL": (lambda: changed('"S"', '"S\0"'), "damaged|NUL|export"),
    "an XML of 10 MB in one line": (lambda: rdml(" " * 10 * MB), WITHOUT),
    "two documents": (lambda: RDML.encode() + RDML.encode(), "damaged"),
    "an inclusion": (
        lambda: changed(
            "<experiment",
            '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd"/>'
            "<experiment",
        ),
        READ,
    ),
    "a schema from outside": (
        lambda: changed(
            '<rdml version="1.1">',
            '<rdml version="1.1" xmlns:x="http://www.w3.org/2001/XMLSchema-instance" '
            'x:schemaLocation="u http://localhost/x.xsd">',
        ),
        READ,
    ),
    "a style sheet": (
        lambda: changed("<rdml", '<?xml-stylesheet href="file:///etc/passwd"?><rdml'),
        READ,
    ),
    "20 MB of reacts in an archive": (
        lambda: zipped(
            [("rdml_data.xml", rdml("".join(map(REACT.format, range(500_000)))))],
            zipfile.ZIP_STORED,
        ),
        MANY + "|unpacks",
    ),
    "40 documents in an archive": (
        lambda: zipped([(f"{n}.xml", RDML) for n in range(40)]),
        "documents|XML|members|export",
    ),
    # EDS 2, JSON.
    "JSON of 100,000 levels": (lambda: eds_2(DEEP_JSON), "damaged|more|export"),
    "JSON of NaN": (lambda: eds_2(WELL_RESULTS % (REACTION % "NaN")), READ),
    "JSON of Infinity": (lambda: eds_2(WELL_RESULTS % (REACTION % "Infinity")), "export"),
    "JSON of 1e400": (lambda: eds_2(WELL_RESULTS % (REACTION % "1e400")), "export"),
    "JSON of a number of 100,000 digits": (
        lambda: eds_2(WELL_RESULTS % (REACTION % ("9" * 100_000))),
        "export",
    ),
    "JSON of a list for a Ct": (lambda: eds_2(WELL_RESULTS % (REACTION % "[22.5]")), "export"),
    "JSON of true for a Ct": (lambda: eds_2(WELL_RESULTS % (REACTION % "true")), "export"),
    "JSON of two keys": (
        lambda: eds_2(WELL_RESULTS % (REACTION % '22.5, "cq": 31.5')),
        "is damaged",
    ),
    "JSON of null": (lambda: eds_2("null"), "export"),
    "JSON of a number": (lambda: eds_2("22.5"), "export"),
    "JSON of a string of 20 MB": (lambda: eds_2('"' + "x" * 20 * MB + '"'), "export"),
    "JSON of half a pair": (lambda: eds_2('{"wellResults": "\\ud800"}'), "export"),
    "JSON in UTF-16": (lambda: eds_2("{}".encode("utf-16")), "export"),
    "JSON with NUL": (lambda: eds_2('{"a": "\0"}'), "export"),
    "JSON of 900,000 wells": (
        lambda: eds_2('{"wellResults": [' + "1," * 900_000 + "1]}"),
        "export",
    ),
    "JSON of a million escapes": (lambda: eds_2('"' + "\\u0041" * MB + '"'), "export"),
    # EDS 1.
    "an EDS of a plate of 10**9": (
        lambda: eds_1(RESULTS, "<Plate><Rows>1000000000</Rows><Columns>9</Columns></Plate>"),
        "export",
    ),
    "an EDS of a million results": (
        lambda: eds_1(RESULTS + "0\tS\tALB\tUNKNOWN\t22\n" * MB),
        "export",
    ),
    "an EDS of a line of 10 MB": (lambda: eds_1(RESULTS + "x" * 10 * MB), "export"),
    "an EDS of 10 MB of tabs": (lambda: eds_1(RESULTS + "\t" * 10 * MB), "export"),
    "an EDS of well -1": (lambda: eds_1(RESULTS + "-1\tS\tALB\tUNKNOWN\t22\n"), "export"),
    "an EDS of well 1_0": (lambda: eds_1(RESULTS + "1_0\tS\tALB\tUNKNOWN\t22\n"), "export"),
    "an EDS of well 10**30": (
        lambda: eds_1(RESULTS + "1" + "0" * 30 + "\tS\tALB\tUNKNOWN\t22\n"),
        "export",
    ),
    "an EDS of 100,000 levels": (
        lambda: eds_1(RESULTS, "<Plate>" + "<a>" * 100_000 + "</a>" * 100_000 + "</Plate>"),
        "export",
    ),
    "an EDS with NUL in its results": (lambda: eds_1(RESULTS + "0\tS\0\tALB\tUNKNOWN\t22\n"), READ),
    # Rotor-Gene.
    "a rex of 100,000 levels": (
        lambda: rex(b"<a>" * 100_000 + b"</a>" * 100_000),
        "export|damaged",
    ),
    "a rex of 100,000 readings": (
        lambda: rex(
            b"<RawChannel><Name>Cycling A.Green</Name>"
            + b"<Reading>1 2 3</Reading>" * 100_000
            + b"</RawChannel>"
        ),
        "export",
    ),
    "a rex of a reading of 4 MB": (
        lambda: rex(
            b"<RawChannel><Name>Cycling A.Green</Name><Reading>"
            + b"1 " * 2 * MB
            + b"</Reading></RawChannel>"
        ),
        "export",
    ),
    "a rex of 150,000 attributes": (
        lambda: rex(b"<a " + b" ".join(b'a%d=""' % n for n in range(150_000)) + b"/>"),
        "export",
    ),
}
