"""Hostile and broken files: each is refused with one line or read, within 2 s and 300 MB.

Every case runs in a process of its own under limits (hostile_reader.py), which measures CPU seconds
and peak memory.
"""

import functools
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from hostile_files import CASES, READ

READER = Path(__file__).with_name("hostile_reader.py")
# The slowest takes 1.4 s on a quiet machine; a shared one may be half as fast as it should be.
CPU_SECONDS_MAX = 4.0
MEGABYTES_MAX = 300
LETTERS_MAX = 600


@functools.cache
def outcomes():
    """Read every case once."""
    with tempfile.TemporaryDirectory() as parent:
        folders = [_written(Path(parent) / f"case-{n}", name) for n, name in enumerate(CASES)]
        done = subprocess.run(
            [sys.executable, READER, *folders], capture_output=True, text=True, check=True
        )
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    return dict(zip(CASES, lines, strict=True))


def _written(folder, name):
    folder.mkdir()
    content = CASES[name][0]()
    files = content if isinstance(content, dict) else {"export": content}
    for file, content in files.items():
        path = folder / file
        if callable(content):
            content(path)
        else:
            path.write_bytes(content)
    return folder


@pytest.mark.parametrize("name", CASES)
def test_each_is_refused_or_read(name):
    found, expected = outcomes()[name], CASES[name][1]
    if expected == READ:
        assert (found["status"], found["reason"]) == ("read", "")
    else:
        assert found["status"] == "rejected", found["reason"]
        assert re.search(expected, found["reason"]), found["reason"]
    assert "\n" not in found["reason"]
    assert len(found["reason"]) < LETTERS_MAX
    assert found["cpu"] <= CPU_SECONDS_MAX
    assert found["megabytes"] <= MEGABYTES_MAX
    assert found["opened"] == []
    assert found["untouched"]


def test_what_is_read_is_what_stands_there():
    """Wrappings that change nothing change nothing; names that lead elsewhere are only names."""
    plain = outcomes()["good"]["wells"]
    assert plain == [["A1", "F.4/R-7", "22.5", 22.5]]
    for name in ("UTF-8 with BOM", "UTF-16 with BOM", "UTF-16 without BOM", "CR only"):
        assert outcomes()[name]["wells"] == plain
    assert outcomes()["a path as a name"]["wells"] == plain
