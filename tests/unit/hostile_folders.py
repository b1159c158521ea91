"""Run folders that hold more, or other things, than files; and what must come of each.

A value of a case's files is a content, or an act on the path.
"""

import os

from hostile_pieces import MB, RDML, READ, TEXT, zipped


def beside(name, content):
    """The good export with something beside it."""
    return {"export": TEXT, name: content}


def alone(name, content):
    return {name: content}


def link(target):
    return lambda path: path.symlink_to(target)


def sparse(size):
    """A file of zeros that takes no place."""

    def make(path):
        with path.open("wb") as file:
            file.truncate(size)

    return make


def behind(content, size):
    """A file that begins well and goes on in zeros."""

    def make(path):
        path.write_bytes(content)
        os.truncate(path, size)

    return make


def folder(path):
    path.mkdir()
    (path / "export.csv").write_bytes(TEXT)


def folders(count):
    def make(path):
        place = path
        for _ in range(count):
            place.mkdir()
            place = place / "x"

    return make


def many(count, content):
    return {f"file-{n}": content for n in range(count)}


TOO_MUCH = "at most 1000 files of 200000000 bytes"
NAME = "control characters in the name"
CASES = {
    "a folder named as an export": (lambda: beside("export.csv", folder), READ),
    "a folder alone": (lambda: alone("export.csv", folder), "no export; found no file"),
    "300 folders in each other": (lambda: beside("deep", folders(300)), READ),
    "a pipe": (lambda: beside("pipe.csv", os.mkfifo), READ),
    "a pipe alone": (lambda: alone("pipe.csv", os.mkfifo), "no export; found no file"),
    "a pipe as sheet": (lambda: beside("samplesheet.csv", os.mkfifo), READ),
    "the null device": (lambda: beside("null.csv", link("/dev/null")), READ),
    "a device of endless zeros": (
        lambda: alone("zero.csv", link("/dev/zero")),
        "no export; found no",
    ),
    "a device of chance": (
        lambda: alone("random.csv", link("/dev/urandom")),
        "no export; found no",
    ),
    "a terminal": (lambda: alone("tty.csv", link("/dev/tty")), "no export; found no"),
    "a link to nothing": (lambda: beside("gone.csv", link("nowhere")), READ),
    "a link in a circle": (lambda: beside("loop.csv", link("loop.csv")), READ),
    "a link to the folder": (lambda: beside("self", link(".")), READ),
    "an unreadable file": (lambda: beside("memory.csv", link("/proc/self/mem")), "cannot be read"),
    "a file that says it is empty": (
        lambda: beside("maps.csv", link("/proc/self/maps")),
        "maps.csv: changed while it was read",
    ),
    "no file": (dict, "no export; found no file"),
    "an empty file": (lambda: alone("export.csv", b""), "empty file, which no reader knows"),
    "2 GB of nothing beside": (lambda: beside("video.mp4", sparse(2_000_000_000)), TOO_MUCH),
    "100 GB of nothing": (lambda: alone("export.csv", sparse(100_000_000_000)), TOO_MUCH),
    "100 GB behind an export": (
        lambda: alone("export.csv", behind(TEXT, 100_000_000_000)),
        TOO_MUCH,
    ),
    "1 GB behind a zip": (
        lambda: alone("a.rdml", behind(zipped([("a.xml", RDML)]), 1_000_000_000)),
        TOO_MUCH,
    ),
    "3,000 files": (lambda: {"export": TEXT, **many(3_000, b"note")}, TOO_MUCH),
    "300 empty files": (lambda: {"export": TEXT, **many(300, b"")}, READ),
    "20 files of 20 MB": (lambda: {"export": TEXT, **many(20, sparse(20 * MB))}, TOO_MUCH),
    "8 files of 20 MB": (lambda: {"export": TEXT, **many(8, sparse(20 * MB))}, READ),
    "a name with a line end": (lambda: beside("a\nb.csv", b"x"), NAME),
    "a name with a tab": (lambda: beside("a\tb.csv", b"x"), NAME),
    "a name with an escape": (lambda: beside("a\x1b[2Jb.csv", b"x"), NAME),
    "a name in braces": (lambda: beside("{run}.csv", b"x"), "braces"),
    "a name from right to left": (lambda: beside("a\u202evsc.exe", b"x"), NAME),
    "a name of a zero width": (lambda: beside("a\u200b.csv", b"x"), READ),
    "a name with a line separator": (lambda: beside("a\u2028b.csv", b"x"), NAME),
    "a name of C1": (lambda: beside("a\x9b2Jb.csv", b"x"), NAME),
    "a name of 255 bytes": (lambda: beside("x" * 255, b"x"), READ),
    "a name that is no UTF-8": (lambda: beside(os.fsdecode(b"a\xff.csv"), b"x"), NAME),
    "a name of blanks": (lambda: beside("   ", b"x"), READ),
    "a name of a dash": (lambda: beside("-rf", b"x"), READ),
    "a name of a formula": (lambda: beside("=cmd|'!A0", b"x"), READ),
    "a name of markup": (lambda: beside("<script>alert(1)<\u2215script>", b"x"), READ),
    "a sheet that is a link out": (lambda: beside("samplesheet.csv", link("/etc/passwd")), "sheet"),
    "a sheet that is a folder": (lambda: beside("samplesheet.csv", folder), READ),
    "a run.yaml that is a bomb": (lambda: beside("run.yaml", zipped([("a", b"x")])), "run.yaml"),
    "a run.yaml of 100,000 levels": (lambda: beside("run.yaml", b"[" * 100_000), "run.yaml"),
    "a run.yaml of a number of 100,000 digits": (
        lambda: beside("run.yaml", b"comments: " + b"9" * 100_000),
        "run.yaml",
    ),
    "a run.yaml in UTF-16": (
        lambda: beside("run.yaml", "comments: x".encode("utf-16")),
        "run.yaml|read",
    ),
    "a run.yaml with NUL": (lambda: beside("run.yaml", b"comments: \0"), "run.yaml"),
    "a run.yaml of two documents": (lambda: beside("run.yaml", b"a: 1\n---\nb: 2\n"), "run.yaml"),
    "a run.yaml that merges itself": (lambda: beside("run.yaml", b"a: &a {<<: *a}\n"), "run.yaml"),
    "a run.yaml that holds itself": (
        lambda: beside("run.yaml", b"comments: &a [*a]\n"),
        "run.yaml",
    ),
    "a sheet of 3,000 columns": (
        lambda: beside("samplesheet.csv", b"well,sample" + b",c" * 3_000 + b"\nA1,S\n"),
        "samplesheet",
    ),
    "a sheet in UTF-32": (
        lambda: beside("samplesheet.csv", "well,sample\nA1,S\n".encode("utf-32")),
        "samplesheet",
    ),
    "a sheet with NUL": (
        lambda: beside("samplesheet.csv", b"well,sample\nA1,S\0\n"),
        "samplesheet",
    ),
    "a sheet that is a workbook": (
        lambda: beside("samplesheet.csv", zipped([("a", b"x")])),
        "samplesheet",
    ),
    "a sheet with an unclosed quote": (
        lambda: beside("samplesheet.csv", b'"well,sample\nA1,S\n'),
        "samplesheet",
    ),
    "a sheet of Unicode wells": (
        lambda: beside("samplesheet.csv", "well,sample\nＡ１,S\n".encode()),
        "samplesheet",
    ),
    "a sheet of an input of 1e400": (
        lambda: beside("samplesheet.csv", b"well,sample,input_ng\nA1,S,1e400\n"),
        "samplesheet",
    ),
    "a sheet of an input of 1_0": (
        lambda: beside("samplesheet.csv", b"well,sample,input_ng\nA1,S,1_0\n"),
        "samplesheet",
    ),
}
