"""Tables of the study and of the laboratory -> sums, docs/validation.md, validation.pdf."""

import json
from pathlib import Path

from breakpoint_pcr.job import job
from breakpoint_pcr.provenance import versions
from breakpoint_pcr.report.characters import read_coverage
from breakpoint_pcr.validation import document as validation

given, output, params = snakemake.input, snakemake.output, snakemake.params
with job(snakemake.log[0]):
    fonts = Path(given.fonts[0]).parent
    panel = json.loads(Path(given.panel).read_text(encoding="utf-8"))
    study = validation.read_study(
        given.batches, given.limits, given.cutoff, panel=panel, confidence=params.confidence
    )
    source = validation.ValidationSource(
        study=study,
        laboratory=validation.read_laboratory(Path(given.laboratory[0]).parent),
        simulation=validation.read_simulation(Path(given.instruments), params.study),
        panel=panel,
        settings=params.settings,
        confidence=params.confidence,
        names=params.names,
        report=params.report,
        versions=versions(),
    )
    document = validation.compose(source, read_coverage(fonts))
    validation.write_sums(study, Path(output.arms).parent)
    Path(output.page).write_text(validation.page(document), encoding="utf-8")
    Path(output.pdf).write_bytes(validation.typeset_validation(document, fonts=fonts))
