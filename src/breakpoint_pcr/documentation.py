"""Documentation that is written from its only source: the schema and the table layouts."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any, get_args, get_origin, get_type_hints

from breakpoint_pcr import tables
from breakpoint_pcr.figures import drawing as figures
from breakpoint_pcr.ingest.formats.readers import readers
from breakpoint_pcr.insilico import rows as panel
from breakpoint_pcr.junctions import rows as junctions
from breakpoint_pcr.report import per_sample
from breakpoint_pcr.tables import rows
from breakpoint_pcr.validation import rows as study

GENERATED = "Written by `breakpoint-pcr write-docs`; do not edit."
FORMATS_BEGIN, FORMATS_END = "<!-- formats -->\n", "<!-- end of formats -->"


def config_readme(schema: Mapping[str, Any], config: Mapping[str, Any]) -> str:
    """Return config/README.md: every key with its meaning, range and present value."""
    lines = [
        "# Configuration",
        "",
        f"{GENERATED} Values and their sources stand in `config.yaml`.",
        "Change a value there, or hand an overlay to `snakemake --configfile`; what depends on it,",
        "and only that, runs again.",
        "",
        "| key | shipped value | allowed | meaning |",
        "|---|---|---|---|",
    ]
    lines += _keys(schema, schema, config, "")
    return "\n".join(lines) + "\n"


def with_formats(text: str, lines: Iterable[str]) -> str:
    """Return a document with these lines between the marks of the formats."""
    before, _, rest = text.partition(FORMATS_BEGIN)
    _, _, after = rest.partition(FORMATS_END)
    content = "".join(f"{line}\n" for line in lines)
    return f"{before}{FORMATS_BEGIN}{content}{FORMATS_END}{after}"


def format_table() -> list[str]:
    """Return the table of docs/formats.md: what each reader says of itself."""
    rows = (f"| `{reader.name}` | {reader.title} |" for reader in readers())
    return ["| name | title |", "|---|---|", *rows]


def format_list() -> list[str]:
    """Return the list of the README: the titles of the readers."""
    return [f"- {reader.title}" for reader in readers()]


def _keys(
    schema: Mapping[str, Any], root: Mapping[str, Any], config: Mapping[str, Any], prefix: str
) -> Iterator[str]:
    for name, entry in schema["properties"].items():
        node = {**_resolved(entry, root), **entry}
        key = f"{prefix}{name}"
        value = config[name]
        if node.get("type") == "object" and node.get("properties"):
            yield from _keys(node, root, value, f"{key}.")
        else:
            yield f"| `{key}` | {_value(value)} | {_allowed(node)} | {node['description']} |"


def _resolved(entry: Mapping[str, Any], root: Mapping[str, Any]) -> Mapping[str, Any]:
    reference = entry.get("$ref", "")
    return root["$defs"][reference.rpartition("/")[2]] if reference else entry


def _value(value: Any) -> str:  # noqa: ANN401
    if isinstance(value, list):
        return ", ".join(f"`{item}`" for item in value) or "none"
    words = {True: "true", False: "false", None: "null"}
    shown = words[value] if value is None or isinstance(value, bool) else value
    return f"`{shown}`".replace("|", "\\|")


def _allowed(node: Mapping[str, Any]) -> str:
    if "enum" in node:
        return " or ".join(f"`{option}`" for option in node["enum"])
    limits = {
        "minimum": "at least",
        "exclusiveMinimum": "above",
        "maximum": "at most",
        "minItems": "items, at least",
    }
    bounds = ", ".join(f"{word} {node[key]}" for key, word in limits.items() if key in node)
    kind = node.get("type", "see meaning")
    kind = " or ".join(kind) if isinstance(kind, list) else kind
    return f"{kind}{', ' if bounds else ''}{bounds}"


def table_reference() -> str:
    """Return docs/tables.md: every table, its columns, types and units."""
    lines = ["# Tables", "", GENERATED, "", (tables.__doc__ or "").partition("\n\n")[2].strip(), ""]
    for module in (rows, panel, junctions, per_sample, figures, study):
        for table in vars(module).values():
            if is_dataclass(table) and isinstance(table, type) and fields(table)[0].metadata:
                lines += _table(table)
    return "\n".join(lines)


def _table(table: type) -> list[str]:
    title, _, rest = (table.__doc__ or "").partition(":")
    hints = get_type_hints(table)
    head = [
        f"## {title}",
        "",
        rest.strip(),
        "",
        "| column | type | unit | meaning |",
        "|---|---|---|---|",
    ]
    lines = [
        f"| {_column(tables.heading(f), spread=f.metadata['spread'])} | {_type(hints[f.name])} "
        f"| {f.metadata['unit']} | {f.metadata['doc']} |"
        for f in fields(table)  # type: ignore[arg-type]
    ]
    return [*head, *lines, ""]


def _column(name: str, *, spread: bool) -> str:
    return f"(one per {name.rstrip('s')})" if spread else f"`{name}`"


def _type(hint: Any) -> str:  # noqa: ANN401
    if hasattr(hint, "__members__"):
        return ", ".join(f"`{member}`" for member in hint.__members__.values())
    options = get_args(hint)
    inner = [option for option in options if option is not type(None)]
    if len(inner) < len(options):
        return f"{inner[0].__name__} or empty"
    if inner:
        return "list separated by ;" if get_origin(hint) is tuple else "text"
    words = {"str": "text", "bool": "true or false"}
    return words.get(hint.__name__, str(hint.__name__))
