"""The command line: `breakpoint-pcr COMMAND`. Each command imports what it needs, when it runs."""

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from breakpoint_pcr.errors import BreakpointPcrError, ConfigError

CONFIG = "config/config.yaml"
SCHEMA = "workflow/schemas/config.schema.yaml"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status: 0, or 1 with one line that says why."""
    options = _parser().parse_args(arguments)
    try:
        options.run(options)
    except BreakpointPcrError as problem:
        print(f"error: {problem}", file=sys.stderr)
        return 1
    except OSError as problem:
        place = f"{problem.filename}: " if problem.filename else ""
        print(f"error: {place}{problem.strerror or problem}; check the path", file=sys.stderr)
        return 1
    return 0


def _parser() -> ArgumentParser:
    parser = ArgumentParser(prog="breakpoint-pcr", description=__doc__)
    parser.add_argument("--config", type=Path, help=f"configuration ({CONFIG})")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    simulate = _command(commands, "simulate", _simulate, "write a run folder with known truth")
    simulate.add_argument("plan", type=Path, help="plate plan (YAML)")
    simulate.add_argument("out", type=Path, help="folder in which the run folder is made")
    simulate.add_argument("--format", help="export format, in place of the plan's")
    simulate.add_argument("--seed", type=int, help="seed, in place of the plan's")
    classify = _command(commands, "classify-curves", _classify, "class of each curve of a table")
    classify.add_argument("input", type=Path, help="curve_id, optional reference_amplitude, 1..n")
    classify.add_argument("output", type=Path, help="curve_id, curve, reasons, ct_own")
    scan = _command(commands, "scan-primers", _scan, "every site of every primer in a FASTA")
    scan.add_argument("--primers", type=Path, required=True, help="table with name, sequence")
    scan.add_argument("--reference", type=Path, required=True, help="FASTA, plain or gzip")
    scan.add_argument("output", type=Path, help="table of sites")
    _reference_options(
        _command(
            commands, "make-reference", _make_reference, "reference folder from your own FASTA"
        )
    )
    _panel_options(_command(commands, "make-panel", _make_panel, "panel folder from your tables"))
    benchmark = _command(commands, "benchmark-curves", _benchmark, "agreement with human labels")
    benchmark.add_argument("curves", type=Path, help="curves (parquet)")
    benchmark.add_argument("labels", type=Path, help="labels (tsv)")
    explain = _command(commands, "explain", _explain, "why a sample is called as it is")
    explain.add_argument("name", metavar="run", help="run, as in results/runs")
    explain.add_argument("sample", help="sample, as in samples.tsv")
    explain.add_argument("--results", type=Path, default=Path("results"), help="folder (results)")
    _command(commands, "formats", _formats, "list the export formats that are read")
    _command(commands, "write-docs", _write_docs, "write the generated documentation anew")
    return parser


def _command(
    commands: Any,  # noqa: ANN401  (argparse has no public name for it)
    name: str,
    run: Callable[[Namespace], None],
    text: str,
) -> ArgumentParser:
    parser: ArgumentParser = commands.add_parser(name, help=text, description=text)
    parser.set_defaults(run=run)
    return parser


def _reference_options(parser: ArgumentParser) -> None:
    parser.add_argument("out", type=Path, help="folder to make")
    parser.add_argument("--fasta", type=Path, required=True, help="FASTA, plain or gzip")
    parser.add_argument("--region", help="part of it that is the locus: RECORD:FIRST-LAST, 1-based")
    parser.add_argument("--start", type=int, help="or: position of the first base of its record")
    parser.add_argument("--chromosome", help="name of the chromosome (the record's)")
    parser.add_argument("--like", type=Path, help="reference whose exons and breakpoints to place")
    parser.add_argument("--exons", type=Path, help="table of exons, 1-based on the chromosome")
    parser.add_argument("--breakpoints", type=Path, help="table of recurrent breakpoints")
    for name in ("assembly", "accession", "source"):
        parser.add_argument(f"--{name}", required=True, help=f"{name} of the sequence")
    for name in ("gene", "transcript", "numbering"):
        parser.add_argument(f"--{name}", help=f"{name}, where --like does not say it")


def _panel_options(parser: ArgumentParser) -> None:
    parser.add_argument("out", type=Path, help="folder to make; its name is the panel's")
    parser.add_argument("--primers", type=Path, required=True, help="primers.tsv")
    parser.add_argument("--assays", type=Path, required=True, help="assays.tsv")
    parser.add_argument("--version", default="1", help="version of the panel (1)")
    parser.add_argument("--title", help="title of the reports")
    parser.add_argument("--citation", help="where the primers come from")
    parser.add_argument("--limitation", action="append", default=[], help="sentence of the reports")
    parser.add_argument("--like", type=Path, help="panel to take title, citation and remarks from")


def _project() -> Path:
    """Return the folder that holds config/ and resources/: here, or the checkout of the package."""
    for folder in (Path.cwd(), Path(__file__).parents[2]):
        if (folder / SCHEMA).is_file():
            return folder
    raise ConfigError(f"{SCHEMA} not found; run this in the project's folder")


def _settings(options: Namespace) -> dict[str, Any]:
    from breakpoint_pcr.config import checked, read_yaml

    project = _project()
    return checked(read_yaml(options.config or project / CONFIG), read_yaml(project / SCHEMA))


def _simulate(options: Namespace) -> None:
    from breakpoint_pcr.folders import project_path
    from breakpoint_pcr.insilico.conditions import Conditions
    from breakpoint_pcr.insilico.verification import verify
    from breakpoint_pcr.panel import load_panel
    from breakpoint_pcr.reference import load_reference
    from breakpoint_pcr.simulate.instruments import INSTRUMENTS, read_instruments
    from breakpoint_pcr.simulate.plans import load_plan
    from breakpoint_pcr.simulate.simulation import SimulationRequest, changed, simulate

    config, project = _settings(options), _project()
    panel = load_panel(project_path(config["panel"], project))
    locus = load_reference(project_path(config["reference"], project))
    instruments = read_instruments(project_path(INSTRUMENTS, project))
    request = SimulationRequest(
        plan=changed(
            load_plan(options.plan, instruments), seed=options.seed, format_name=options.format
        ),
        out=options.out,
        panel=panel,
        products=verify(panel, locus, Conditions.from_config(config["primers"])).products,
        ct_limit=config["calling"]["ct_limit"],
    )
    print(simulate(request))


def _classify(options: Namespace) -> None:
    from breakpoint_pcr.curves import CurveLimits
    from breakpoint_pcr.curves.files import classify_file

    limits = CurveLimits.from_config(_settings(options)["curves"])
    classify_file(options.input, options.output, limits)


def _scan(options: Namespace) -> None:
    from breakpoint_pcr.insilico.conditions import Conditions
    from breakpoint_pcr.insilico.scan import scan_files

    conditions = Conditions.from_config(_settings(options)["primers"])
    scan_files(options.primers, options.reference, options.output, conditions.rule)


def _make_reference(options: Namespace) -> None:
    from breakpoint_pcr.making.references import FACTS, ReferenceOrder, make_reference

    order = ReferenceOrder(
        fasta=options.fasta,
        region=options.region,
        chromosome=options.chromosome,
        start=options.start,
        like=options.like,
        exons=options.exons,
        breakpoints=options.breakpoints,
        facts={name: getattr(options, name) for name in FACTS},
    )
    print(*make_reference(order, options.out), sep="\n")


def _make_panel(options: Namespace) -> None:
    from breakpoint_pcr.making.panels import PanelOrder, make_panel

    order = PanelOrder(
        primers=options.primers,
        assays=options.assays,
        version=options.version,
        title=options.title,
        citation=options.citation,
        limitations=tuple(options.limitation),
        like=options.like,
    )
    print(*make_panel(order, options.out), sep="\n")


def _benchmark(options: Namespace) -> None:
    from breakpoint_pcr.curves import CurveLimits
    from breakpoint_pcr.curves.benchmark import benchmark_table

    limits = CurveLimits.from_config(_settings(options)["curves"])
    print(benchmark_table(options.curves, options.labels, limits))


def _explain(options: Namespace) -> None:
    from breakpoint_pcr.calling.results import Question, answer
    from breakpoint_pcr.calling.settings import CallSettings
    from breakpoint_pcr.folders import project_path
    from breakpoint_pcr.panel import load_panel
    from breakpoint_pcr.report.wording import load_words

    config, project = _settings(options), _project()
    limits = {key: config[key] for key in ("calling", "curves", "controls", "replicates")}
    question = Question(
        results=options.results,
        run=options.name,
        sample=options.sample,
        panel=load_panel(project_path(config["panel"], project)),
        settings=CallSettings.from_config(**limits),
        confirmed=[entry["name"] for entry in config["primers"]["confirmed"]],
        flag_sentences=load_words(config["report"]["language"]).section("flag_sentences"),
    )
    print(answer(question), end="")


def _formats(options: Namespace) -> None:
    from breakpoint_pcr.ingest.formats.readers import readers

    del options
    for reader in readers():
        print(f"{reader.name}\t{reader.title}")


def _write_docs(options: Namespace) -> None:
    from breakpoint_pcr.config import checked, read_yaml
    from breakpoint_pcr.documentation import (
        config_readme,
        format_list,
        format_table,
        table_reference,
        with_formats,
    )

    del options  # the documentation shows the shipped configuration, whatever --config names
    project = _project()
    schema = read_yaml(project / SCHEMA)
    readme = config_readme(schema, checked(read_yaml(project / CONFIG), schema))
    (project / "config/README.md").write_text(readme, encoding="utf-8")
    (project / "docs/tables.md").write_text(table_reference(), encoding="utf-8")
    for name, lines in (("docs/formats.md", format_table()), ("README.md", format_list())):
        text = (project / name).read_text(encoding="utf-8")
        (project / name).write_text(with_formats(text, lines), encoding="utf-8")
