"""Read run folders, each in a process of its own under limits, and say what each one cost.

    python tests/unit/hostile_reader.py FOLDER...      one line of JSON per folder

The parent has imported the reader and forks, so that a case costs no start of Python. The limits
are a guard of the machine; the test judges what is printed.
"""

import json
import os
import resource
import sys
import traceback
from importlib import import_module
from pathlib import Path

import yaml

from breakpoint_pcr.ingest.formats.readers import readers
from breakpoint_pcr.ingest.reading import read_run
from breakpoint_pcr.ingest.settings import IngestSettings
from breakpoint_pcr.panel import load_panel

SPACE_BYTES = 2_000_000_000
CPU_SECONDS = 20
CONFIG = yaml.safe_load(Path("config/config.yaml").read_text(encoding="utf-8"))["ingest"]
# What Python itself opens: modules, the null device that keeps a library's messages back.
OWN = tuple({sys.prefix, sys.base_prefix, str(Path.cwd()), os.devnull})


def read(folder, panel, settings):
    """Read a folder and return what came out, and every path outside it that was opened."""
    strange = []

    def watch(event, arguments):
        if event in ("open", "os.mkdir", "os.rename", "os.remove", "os.symlink", "os.link"):
            path = str(arguments[0])
            if not path.startswith((str(folder), *OWN)) and not path.isdecimal():
                strange.append(path)

    sys.addaudithook(watch)
    try:
        record, reactions, curves = read_run(folder, panel=panel, settings=settings)
    except BaseException:
        return {"status": "crashed", "reason": traceback.format_exc()[-2000:], "opened": strange}
    return {
        "status": record.status.value,
        "reason": record.reason,
        "codes": [finding.code for finding in record.noticed],
        "wells": [[r.well, r.target, r.ct_text, r.ct] for r in reactions[:400]],
        "curves": len(curves),
        "opened": strange,
    }


def child(folder, panel, settings, pipe):
    resource.setrlimit(resource.RLIMIT_AS, (SPACE_BYTES, SPACE_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    with os.fdopen(pipe, "w", encoding="utf-8") as out:
        json.dump(read(folder, panel, settings), out)


def measure(folder, panel, settings):
    """Return the result, CPU seconds and peak memory of one folder."""
    before = sorted(str(path) for path in folder.rglob("*"))
    receiver, sender = os.pipe()
    process = os.fork()
    if process == 0:
        code = 1
        try:
            os.close(receiver)
            child(folder, panel, settings, sender)
            code = 0
        finally:
            os._exit(code)
    os.close(sender)
    with os.fdopen(receiver, encoding="utf-8") as answer:
        text = answer.read()
    _, status, used = os.wait4(process, 0)
    result = json.loads(text) if text else {"status": "killed", "reason": f"signal {status}"}
    return result | {
        "folder": folder.name,
        "cpu": used.ru_utime + used.ru_stime,
        "megabytes": used.ru_maxrss / 1024,
        "untouched": before == sorted(str(path) for path in folder.rglob("*")),
    }


def main():
    panel = load_panel(Path("resources/primers/ikzf1"))
    settings = IngestSettings.from_config(CONFIG)
    tuple(readers())  # imported once, not in every child
    import_module("defusedxml.ElementTree")
    for name in sys.argv[1:]:
        sys.stdout.write(json.dumps(measure(Path(name), panel, settings)) + "\n")


if __name__ == "__main__":
    main()
