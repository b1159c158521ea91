"""House rules: facts have one home, adapters stay thin, pins agree, generated files are fresh."""

import re
import subprocess
import tomllib
from hashlib import sha256
from pathlib import Path

import pytest
import yaml

from breakpoint_pcr.config import read_yaml
from breakpoint_pcr.documentation import config_readme, table_reference
from breakpoint_pcr.panel import load_panel

CODE = [*Path("src").rglob("*.py"), *Path("scripts").glob("*.py")]
WIRING = [Path("Snakefile"), *Path("workflow").rglob("*.smk")]
# Rules that only name what others make.
TARGETS = {"all", "draw_figures"}
RULES = re.findall(
    r"^(?:rule|checkpoint) (\w+):", "\n".join(p.read_text() for p in WIRING), re.MULTILINE
)
PYPROJECT = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))


def tracked_files():
    """Every file that git knows or would take."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listing = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return [path for path in map(Path, listing.splitlines()) if path.is_file()]


@pytest.mark.parametrize("path", sorted(Path("scripts").glob("*.py")), ids=lambda path: path.name)
def test_adapters_are_thin(path):
    lines = [line for line in path.read_text().splitlines() if line.strip()]
    assert len(lines) <= 32
    assert "def " not in path.read_text()


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule not in TARGETS])
def test_rule_script_and_log_share_a_name(rule):
    assert Path(f"scripts/{rule}.py").is_file()
    text = "\n".join(path.read_text() for path in WIRING)
    assert f'scripts/{rule}.py"' in text
    assert re.search(rf'"logs/[^"]*{rule}\.log"', text)


def test_every_script_has_a_rule():
    assert {path.stem for path in Path("scripts").glob("*.py")} <= set(RULES)


@pytest.mark.parametrize("path", [*CODE, *WIRING], ids=str)
def test_no_fact_of_the_assay_stands_in_code(path):
    """Sequences, gene names, class labels and the Ct limit stand in resources/ and config/."""
    text = path.read_text(encoding="utf-8")
    sequences = [p.sequence for p in load_panel(Path("resources/primers/ikzf1")).primers]
    assert not [s for s in sequences if s in text.upper()]
    assert not re.search(r"(?<![\w.])36(\.0)?(?![\w.])", text)
    assert "IKZF1" not in text.upper()
    assert not re.search(r"Δ\d-\d", text)


def test_configuration_readme_is_fresh():
    schema = read_yaml(Path("workflow/schemas/config.schema.yaml"))
    expected = config_readme(schema, read_yaml(Path("config/config.yaml")))
    assert Path("config/README.md").read_text(encoding="utf-8") == expected


def test_table_reference_is_fresh():
    assert Path("docs/tables.md").read_text(encoding="utf-8") == table_reference()


def test_schema_is_closed_and_described():
    def check(node, place):
        if node.get("type") == "object":
            assert node["additionalProperties"] is False or place.endswith("assays"), place
            for name, inner in node.get("properties", {}).items():
                assert inner.get("description"), f"{place}.{name}"
                check(inner, f"{place}.{name}")

    check(read_yaml(Path("workflow/schemas/config.schema.yaml")), "config")


def test_schema_holds_no_default():
    assert "default:" not in Path("workflow/schemas/config.schema.yaml").read_text()


@pytest.mark.parametrize("info", sorted(Path("resources").rglob("info.yaml")), ids=str)
def test_checksums_of_resources_hold(info):
    data = yaml.safe_load(info.read_text(encoding="utf-8"))
    sums = dict(data.get("files", {}))
    for table in [data.get("exons"), data.get("breakpoints"), *data.get("records", [])]:
        if table:
            sums[table["file"]] = table["sha256"]
    assert sums
    for name, expected in sums.items():
        assert sha256((info.parent / name).read_bytes()).hexdigest() == expected, name


def lock_pins():
    """name==version (and marker) of requirements.lock."""
    line = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==([^ ;\\]+)( ; [^\\]+)?", re.MULTILINE)
    found = line.findall(Path("requirements.lock").read_text(encoding="utf-8"))
    return sorted({f"{name}=={version}{marker.rstrip()}" for name, version, marker in found})


def test_pins_agree():
    assert sorted(PYPROJECT["tool"]["uv"]["constraint-dependencies"]) == lock_pins()


def test_every_dependency_is_pinned_and_hashed():
    names = [re.split(r"[\[=<>; ]", name)[0] for name in PYPROJECT["project"]["dependencies"]]
    names += [re.split(r"[\[=<>; ]", name)[0] for name in PYPROJECT["dependency-groups"]["dev"]]
    pinned = {pin.partition("==")[0] for pin in lock_pins()}
    assert {name.lower() for name in names} <= pinned
    blocks = re.split(r"\n(?=[A-Za-z0-9])", Path("requirements.lock").read_text(encoding="utf-8"))
    assert all("--hash=sha256:" in block for block in blocks if block.strip())


def test_no_tracked_file_names_an_index_or_a_machine():
    """Addresses of package indexes and paths of a machine stand nowhere."""
    words = (
        "/sim" + "ple/",
        "files.python" + "hosted",
        "pypi" + ".org",
        "--index" + "-url",
        "/ro" + "ot/",
    )
    hits = []
    for path in tracked_files():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        hits += [f"{path}: {word}" for word in words if word in text]
    assert hits == []


def test_uv_lock_is_not_tracked():
    assert Path("uv.lock") not in tracked_files()


def test_ci_runs_the_commands_of_the_readme():
    commands = re.findall(
        r"^pip install -q uv && uv run .*$", Path("README.md").read_text(), re.MULTILINE
    )
    script = Path(".ci/run").read_text().splitlines()
    assert len(commands) == 2
    assert all(command in script for command in commands)


def test_version_is_said_once():
    version = PYPROJECT["project"]["version"]
    places = [path for path in CODE if f'"{version}"' in path.read_text(encoding="utf-8")]
    assert places == []
