"""run.yaml: operator, lots, comments, and overrides signed with who, when and why."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import yaml

from breakpoint_pcr.errors import ExportError
from breakpoint_pcr.ingest.cells import shown
from breakpoint_pcr.ingest.labels import label_of
from breakpoint_pcr.ingest.names import clean_name
from breakpoint_pcr.ingest.wells import wells_between
from breakpoint_pcr.panel import Panel
from breakpoint_pcr.runs import Override
from breakpoint_pcr.tables import Call, Outcome

YAML_NAME = "run.yaml"
YAML_BYTES_MAX = 65_536
NOTES = (
    *("operator", "kit_lot", "primer_lot", "comments"),
    *("report_version", "supersedes", "amendment"),
)
SIGNATURE = ("by", "date", "reason")
WELL_KEYS = ("well", "assay", "outcome", *SIGNATURE)
SAMPLE_KEYS = ("sample", "call", *SIGNATURE)
OPTIONAL = frozenset({"assay"})


@dataclass(frozen=True, slots=True)
class RunNotes:
    """What run.yaml says; `laboratory` holds the notes as written."""

    laboratory: Mapping[str, str]
    overrides: tuple[Override, ...]


def read_run_yaml(path: Path, panel: Panel) -> RunNotes:
    """Read the file.

    Raises:
        ExportError: It is not YAML, or a key or value is not what it should be.
    """
    root = _root(path)
    if root is None:
        return RunNotes({}, ())
    items = _items(root, (*NOTES, "overrides"))
    notes = {key: _scalar(node) for key, node in items.items() if key != "overrides"}
    overrides = items.get("overrides")
    entries = _sequence(overrides) if overrides is not None else []
    return RunNotes(notes, tuple(_override(node, panel) for node in entries))


def _root(path: Path) -> yaml.Node | None:
    """Return the document as nodes: scalars stay text, so lot 00123 keeps its zeros."""
    content = path.read_bytes()
    if len(content) > YAML_BYTES_MAX:
        raise ExportError(YAML_NAME, f"larger than {YAML_BYTES_MAX} bytes; keep it to notes")
    try:
        return yaml.compose(content.decode("utf-8-sig"), Loader=yaml.SafeLoader)
    except UnicodeDecodeError:
        raise ExportError(YAML_NAME, "not UTF-8; save it as UTF-8") from None
    except yaml.MarkedYAMLError as problem:
        line = problem.problem_mark.line + 1 if problem.problem_mark else None
        raise ExportError(YAML_NAME, f"no valid YAML ({problem.problem}); mend it", line) from None
    except (yaml.YAMLError, RecursionError):
        raise ExportError(YAML_NAME, "no valid YAML; mend it") from None


def _problem(node: yaml.Node, text: str) -> ExportError:
    return ExportError(YAML_NAME, text, node.start_mark.line + 1)


def _items(node: yaml.Node, known: tuple[str, ...]) -> dict[str, yaml.Node]:
    if not isinstance(node, yaml.MappingNode):
        raise _problem(node, f"expected keys and values; the keys are {', '.join(known)}")
    items: dict[str, yaml.Node] = {}
    for key_node, value in node.value:
        key = _scalar(key_node)
        if key not in known:
            raise _problem(key_node, f"key {shown(key)} is unknown; expected {', '.join(known)}")
        if key in items:
            raise _problem(key_node, f"key {shown(key)} stands twice; delete one")
        items[key] = value
    return items


def _sequence(node: yaml.Node) -> list[yaml.Node]:
    if isinstance(node, yaml.SequenceNode):
        return list(node.value)
    if isinstance(node, yaml.ScalarNode) and not node.value:
        return []
    raise _problem(node, "expected a list; begin each override with a hyphen")


def _scalar(node: yaml.Node) -> str:
    if not isinstance(node, yaml.ScalarNode):
        raise _problem(node, "expected text; write it on one line or in quotes")
    return clean_name(node.value)


def _override(node: yaml.Node, panel: Panel) -> Override:
    items = _items(node, (*WELL_KEYS, *SAMPLE_KEYS[:2]))
    keys = SAMPLE_KEYS if "sample" in items else WELL_KEYS
    for key in items:
        if key not in keys:
            raise _problem(node, f"key {key!r} does not go with {keys[0]!r}; take one out")
    values = {key: _scalar(value) for key, value in items.items()}
    for key in keys:
        if key not in OPTIONAL and not values.get(key):
            raise _problem(node, f"override lacks {key!r}; expected {', '.join(keys)}")
    _check_date(node, values["date"])
    scope, subject, decision = (
        ("sample", values["sample"], _call(node, values["call"], panel))
        if "sample" in values
        else ("well", _well(node, values["well"]), _outcome(node, values["outcome"]))
    )
    assay = _assay(node, values.get("assay", ""), panel)
    return Override(scope, subject, assay, decision, values["by"], values["date"], values["reason"])


def _check_date(node: yaml.Node, text: str) -> None:
    try:
        known = date.fromisoformat(text).isoformat() == text
    except ValueError:
        known = False
    if not known:
        raise _problem(node, f"date {shown(text)}; expected one such as 2026-01-31")


def _well(node: yaml.Node, text: str) -> str:
    try:
        wells = wells_between(text)
    except ValueError as problem:
        raise _problem(node, f"{problem}; expected one such as A1") from None
    if len(wells) != 1:
        raise _problem(node, f"{shown(text)} is several wells; expected one such as A1")
    return wells[0]


def _outcome(node: yaml.Node, text: str) -> str:
    if text not in list(Outcome):
        raise _problem(node, f"outcome {shown(text)}; expected one of {', '.join(Outcome)}")
    return text


def _call(node: yaml.Node, text: str, panel: Panel) -> str:
    call = label_of(text, panel) or text
    labels = [deletion.label for deletion in panel.deletions]
    if call not in (*labels, *Call):
        raise _problem(node, f"call {shown(text)}; expected one of {', '.join((*labels, *Call))}")
    return call


def _assay(node: yaml.Node, text: str, panel: Panel) -> str:
    assay = panel.assay_of_target(text) if text else ""
    if assay is None:
        known = ", ".join(assay.name for assay in panel.assays)
        raise _problem(node, f"assay {shown(text)} is unknown; expected one of {known}")
    return assay
