"""What the validation report is made of, and the same with its wording."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from breakpoint_pcr.config import read_yaml
from breakpoint_pcr.languages.files import ENGLISH, read_section
from breakpoint_pcr.report.wording import Words, load_words
from breakpoint_pcr.simulate.instruments import InstrumentProfile
from breakpoint_pcr.tables import StandardCurve
from breakpoint_pcr.validation.rows import (
    Agreement,
    ArmResult,
    ClassResult,
    Confusion,
    CutoffCurve,
    CutoffLevel,
    Disagreement,
    LimitEffect,
    Precision,
    Result,
    StudySample,
)

FOLDER = Path(__file__).parent / "wording"
OPEN = (Result.INCONCLUSIVE, Result.INVALID)


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyTables:
    """The tables of the simulated study."""

    samples: Sequence[StudySample]
    arms: Sequence[ArmResult]
    classes: Sequence[ClassResult]
    confusion: Sequence[Confusion]
    errors: Sequence[StudySample]
    limits: Sequence[LimitEffect]
    levels: Sequence[CutoffLevel]
    curves: Sequence[CutoffCurve]


@dataclass(frozen=True, slots=True, kw_only=True)
class LaboratoryTables:
    """The tables of the laboratory's own runs."""

    agreement: Sequence[Agreement]
    disagreements: Sequence[Disagreement]
    precision: Sequence[Precision]
    levels: Sequence[CutoffLevel]
    curves: Sequence[CutoffCurve]
    standards: Sequence[StandardCurve]


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulation:
    """How the study was simulated.

    Args:
        arms: What each arm of the study is to show, by name, in order.
        instruments: The simulated instruments, by name.
        assumptions: What the simulation takes for granted, a sentence each.
        config: Section `validation` of the config.
    """

    arms: Mapping[str, str]
    instruments: Mapping[str, InstrumentProfile]
    assumptions: Sequence[str]
    config: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class ValidationSource:
    """Everything that the validation report may show.

    Args:
        panel: panel.json.
        settings: Sections calling, curves, controls and replicates of the config.
        confidence: Confidence of every interval, as a share.
        names: What the config names as `panel` and `reference`.
        report: Section `report` of the config.
        versions: Version by program or library, the program itself first.
    """

    study: StudyTables
    laboratory: LaboratoryTables
    simulation: Simulation
    panel: Mapping[str, Any]
    settings: Mapping[str, Mapping[str, Any]]
    confidence: float
    names: Mapping[str, str]
    report: Mapping[str, str]
    versions: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class View:
    """A source with its wording."""

    source: ValidationSource
    words: Words

    @property
    def study(self) -> StudyTables:
        """The tables of the simulated study."""
        return self.source.study

    @property
    def simulation(self) -> Simulation:
        """How the study was simulated."""
        return self.source.simulation

    @property
    def confidence(self) -> str:
        """The confidence of intervals in percent, without the sign."""
        return self.words.plain(100 * self.source.confidence)

    def say(self, key: str, **values: object) -> str:
        """Return a sentence; {confidence} is known to every one."""
        return self.words.say(key, **{"confidence": self.confidence, **values})


def load_validation_words(language: str) -> Words:
    """Read the wording of a language; numbers and lists are written as in the run report.

    Raises:
        ConfigError: There is no wording of this language.
    """
    shared = load_words(language)
    own = (
        read_yaml(FOLDER / "en.yaml")
        if language == ENGLISH
        else read_section(language, "validation")
    )
    return Words(language, {**shared.texts, **own}, shared.translator)


def view(source: ValidationSource) -> View:
    """Join a source with its wording."""
    return View(source, load_validation_words(source.report["language"]))
