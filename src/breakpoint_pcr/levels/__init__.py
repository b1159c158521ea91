"""How much of a sample is deleted, and what a negative excludes."""

from breakpoint_pcr.levels.levels import Levels, levels_of
from breakpoint_pcr.levels.settings import LevelSettings

__all__ = ["LevelSettings", "Levels", "levels_of"]
