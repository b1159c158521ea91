"""From reactions and curves to calls: wells, controls, replicates, samples."""

from breakpoint_pcr.calling.calling import CalledRun, call_run
from breakpoint_pcr.calling.judging import judge_reactions, method_of
from breakpoint_pcr.calling.settings import CallSettings

__all__ = ["CallSettings", "CalledRun", "call_run", "judge_reactions", "method_of"]
