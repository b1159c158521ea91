"""Text files with odd letters, numbers, quotes and line ends, and what must come of each."""

from hostile_pieces import CRAFTED, MB, READ, TEXT

ROW = CRAFTED.splitlines()[8].encode()
assert ROW.startswith(b"A1,")


def with_ct(text):
    """The export with another text for the one Ct."""
    data = text if isinstance(text, bytes) else text.encode()
    return TEXT.replace(b"22.5", data, 1)


def with_well(text):
    return TEXT.replace(b"\nA1,S1", b"\n" + text.encode() + b",S1", 1)


def surrogates():
    """A lone half of a pair, as UTF-8 would write it."""
    return TEXT.replace(b"S1", b"S\xed\xa0\x80")


def mixed_ends():
    ends = (b"\n", b"\r\n", b"\r")
    lines = TEXT.split(b"\n")
    return b"".join(line + ends[n % 3] for n, line in enumerate(lines[:-1])) + lines[-1]


def columns(count):
    """A results table with this many columns."""
    more = b"".join(b",c%d" % n for n in range(count))
    head = b"[Results]\nWell,Sample Name,Target Name,Task,Reporter,CT"
    return head + more + b"\nA1,S,T,UNKNOWN,FAM,22" + b"," * count + b"\n"


CT = "Ct of A1 is"
# A line of 10 MB behind the first lines of each text format.
HEADS = {
    "a CFX": b",Well,Fluor,Target,Content,Sample,Biological Set Name,Cq,Cq Mean,SQ Mean\n",
    "a LightCycler": (
        b"Experiment: E  Selected Filter: FAM (465-510)\n"
        b"Include\tColor\tPos\tName\tCp\tConcentration\tStandard\tStatus\n"
    ),
    "raw data of a LightCycler": (
        b"Raw Data  Experiment - E (Run on LCS480 1.5.0.39)\n"
        b"SamplePos\tSampleName\tProg#\tSeg#\tCycle#\tTime\tTemp\t465-510\n"
    ),
    "an SDS 1": b"Well,Sample Name,Detector,Task,Ct,StdDev Ct,Qty,Mean Qty,StdDev Qty,Filtered\n",
    "a Rotor-Gene": (
        b'"Excel Analysed Data Export"\n"File","r.rex"\n\n'
        b'"Quantitative analysis of Cycling A.FAM (Page 1)"\n'
        b'"No.","Name","Type","Ct","Given Conc (Copies)"\n'
    ),
    "an Mx": b"Well\tWell Name\tWell Type\tDye\tAssay\tCt (dRn)\tThreshold (dRn)\n",
    "a generic table": b"Well,Sample,Target,Ct\n",
    "XML": b"<rdml>",
    "a rex": b"<Experiment>\n<RexHeader>REX 3.14</RexHeader>\n<Samples/><RawChannels>",
}
LONG_LINE = "line of 3000000|quote|cut off|unreadable line|XML|run file|damaged|1000000 values"
LONG = {
    f"10 MB in a line of {name}": (
        lambda head=head: head + b"x" * 10 * MB,
        "line of 10000000 letters|XML|run file",
    )
    for name, head in HEADS.items()
}
for title, line in {
    "3 MB of delimiters": lambda head: (b"\t" if b"\t" in head else b",") * 3 * MB,
    "3 MB of quotes": lambda _: b'"' * 3 * MB,
    "an open quote over 1 MB": lambda _: b'A1,"S' + b"\nA2\tS,T,22" * 100_000,
}.items():
    LONG |= {
        f"{title} in {name}": (
            lambda head=head, line=line: head + line(head),
            LONG_LINE,
        )
        for name, head in HEADS.items()
    }
CASES = {
    # Encodings.
    "UTF-7 with its mark": (lambda: b"+/v8-" + CRAFTED.encode("utf-7"), "export"),
    "UTF-32 LE with BOM": (lambda: b"\xff\xfe\0\0" + CRAFTED.encode("utf-32-le"), "export"),
    "UTF-32 BE with BOM": (lambda: b"\0\0\xfe\xff" + CRAFTED.encode("utf-32-be"), "export"),
    "UTF-32 without BOM": (lambda: CRAFTED.encode("utf-32-be"), "export"),
    "24 MB of UTF-16": (lambda: (CRAFTED + "a,b\n" * 3 * MB).encode("utf-16"), "export"),
    "UTF-16 with half a pair": (
        lambda: CRAFTED.replace("S1", "S\ud800").encode("utf-16", "surrogatepass"),
        "export|damaged",
    ),
    "UTF-8 with half a pair": (surrogates, READ),
    "overlong UTF-8": (lambda: TEXT.replace(b"S1", b"S\xc0\xaf"), READ),
    "two BOMs": (lambda: b"\xef\xbb\xbf" * 2 + TEXT, READ),
    "a BOM in the middle": (lambda: TEXT.replace(b"S1", b"S\xef\xbb\xbf1"), READ),
    "a BOM of UTF-16 before UTF-8": (lambda: b"\xff\xfe" + TEXT, "export"),
    "EBCDIC": (lambda: CRAFTED.replace("т", "t").replace("Δ", "D").encode("cp037"), "export"),
    "UTF-8 in UTF-8": (lambda: TEXT.decode("latin-1").encode(), READ),
    # Line ends.
    "line ends of three kinds in turn": (mixed_ends, READ),
    "CR CR LF": (lambda: TEXT.replace(b"\n", b"\r\r\n"), READ),
    "line separators of Unicode": (lambda: TEXT.replace(b"\n", "\u2028".encode()), "export"),
    "vertical tabs for line ends": (lambda: TEXT.replace(b"\n", b"\v"), "export"),
    "form feeds in the lines": (lambda: TEXT.replace(b"\n", b"\f\n"), READ),
    "no line end at all": (lambda: TEXT.replace(b"\n", b""), "export"),
    # Quotes, NUL, columns.
    "a quote before all": (lambda: b'"' + TEXT, "export"),
    "a quote in the header": (lambda: TEXT.replace(b"Sample Name", b'"Sample Name'), "export"),
    "a quote before the Ct": (lambda: with_ct('"22.5'), "quote"),
    "a quote behind the Ct": (lambda: with_ct('22.5"'), "export"),
    "a quoted Ct": (lambda: with_ct('"22.5"'), READ),
    "NUL in a Ct": (lambda: with_ct("22\0.5"), "NUL byte"),
    "NUL in the middle": (lambda: TEXT + b"\0" + TEXT, "NUL byte"),
    "NUL behind all": (lambda: TEXT + b"\0" * MB, "binary file"),
    "NUL behind the sniffed part": (lambda: TEXT + b"\n" * 300_000 + b"\0", "NUL|lines"),
    "Ctrl-Z at the end": (lambda: TEXT + b"\x1a", "export|read"),
    "a million columns": (lambda: columns(MB), "line of|cells"),
    "100,000 columns": (lambda: columns(100_000), "2000 cells in a line"),
    "1,900 columns": (lambda: columns(1_900), READ),
    # Numbers.
    "a Ct of 100,000 digits": (lambda: with_ct("9" * 100_000), CT),
    "a Ct of 100,000 decimals": (lambda: with_ct("22." + "5" * 100_000), "Ct of A1 is|read"),
    "a Ct of 100,000 leading zeros": (lambda: with_ct("0" * 100_000 + "22.5"), f"{CT}|read"),
    "a Ct of 1e400": (lambda: with_ct("1e400"), CT),
    "a Ct of 1e-400": (lambda: with_ct("1e-400"), READ),
    "a Ct of -1e-400": (lambda: with_ct("-1e-400"), READ),
    "a Ct of minus zero": (lambda: with_ct("-0.0"), READ),
    "a Ct of infinity": (lambda: with_ct("inf"), CT),
    "a Ct of Infinity": (lambda: with_ct("-Infinity"), CT),
    "a Ct of ∞": (lambda: with_ct("∞"), CT),
    "a Ct in hex": (lambda: with_ct("0x1.68p+4"), CT),
    "a Ct with an underscore": (lambda: with_ct("2_2.5"), CT),
    "a Ct in Arabic digits": (lambda: with_ct("٢٢٫٥"), CT),
    "a Ct in Devanagari digits": (lambda: with_ct("२२.५"), CT),
    "a Ct in superscripts": (lambda: with_ct("²²"), CT),
    "a Ct in circled digits": (lambda: with_ct("㉒"), CT),
    "a Ct in bold digits": (lambda: with_ct("𝟐𝟐.𝟓"), CT),
    "a Ct in Roman digits": (lambda: with_ct("Ⅻ"), CT),
    "a Ct with a hard blank": (lambda: with_ct("22\u00a05"), CT),
    "a Ct with a narrow blank": (lambda: with_ct("22\u202f5"), CT),
    "a Ct with a joiner": (lambda: with_ct("2\u200d2.5"), CT),
    "a Ct with a soft hyphen": (lambda: with_ct("2\u00ad2.5"), CT),
    "a Ct with a right to left mark": (lambda: with_ct("\u202e5.22"), CT),
    "a Ct with a wide point": (lambda: with_ct("22．5"), CT),
    "a Ct with a middle dot": (lambda: with_ct("22·5"), CT),
    "a Ct with a real minus": (lambda: with_ct("−22.5"), CT),
    "a Ct as a fraction": (lambda: with_ct("45/2"), CT),
    "a Ct as a formula": (lambda: with_ct("=22.5"), CT),
    "a Ct with a unit": (lambda: with_ct("22.5 cycles"), CT),
    "a Ct with an i": (lambda: with_ct("22.5j"), CT),
    "a Ct with two points": (lambda: with_ct("22.5.0"), CT),
    "a Ct with an e alone": (lambda: with_ct("22e"), CT),
    "a Ct as a date": (lambda: with_ct("2026-03-22"), CT),
    "a Ct as a time": (lambda: with_ct("22:30"), CT),
    "a threshold of infinity": (
        lambda: TEXT.replace(b",0.2,", b",inf,"),
        "threshold 'inf' is no number",
    ),
    "a threshold of NaN": (lambda: TEXT.replace(b",0.2,", b",nan,"), READ),
    "a cycle of a million": (lambda: TEXT.replace(b"A1,40,", b"A1,1000000,"), "export|cycle"),
    "a cycle of 10**30": (lambda: TEXT.replace(b"A1,40,", b"A1,1" + b"0" * 30 + b","), "cycle"),
    "a cycle of minus one": (lambda: TEXT.replace(b"A1,40,", b"A1,-1,"), "cycle"),
    "a cycle in Arabic digits": (
        lambda: TEXT.replace(b"A1,40,", "A1,٤٠,".encode()),
        "is no number",
    ),
    "a cycle and a half": (lambda: TEXT.replace(b"A1,40,", b"A1,39.5,"), "cycle"),
    "a value of infinity": (
        lambda: TEXT.replace(b"A1,40,F.4/R-7,1.0,0.0", b"A1,40,F.4/R-7,inf,inf"),
        "is no number",
    ),
    "a value of 1e308": (
        lambda: TEXT.replace(b"A1,40,F.4/R-7,1.0,0.0", b"A1,40,F.4/R-7,1e308,1e308"),
        READ,
    ),
    # Wells.
    "a well of 100,000 digits": (lambda: with_well("9" * 100_000), "well"),
    "a well A1 in wide letters": (lambda: with_well("Ａ１"), "well"),
    "a well A in Greek": (lambda: with_well("Α1"), "well"),
    "a well A0": (lambda: with_well("A0"), "well"),
    "a well ZZ99": (lambda: with_well("ZZ99"), "well"),
    "a well A-1": (lambda: with_well("A-1"), "well"),
    "a well A1:A3": (lambda: with_well("A1:A3"), "well"),
    "a plate of a million wells": (lambda: TEXT.replace(b"96well", b"1000000well"), READ),
    **LONG,
}
