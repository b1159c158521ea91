"""The frame around an adapter: a log file, and one line for a problem that the user can mend."""

import logging
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from breakpoint_pcr.errors import BreakpointPcrError

logger = logging.getLogger(__name__)


@contextmanager
def job(log: str) -> Generator[None]:
    """Log to the file and turn a `BreakpointPcrError` into one line and exit status 1."""
    logging.basicConfig(filename=Path(log), level=logging.INFO, format="%(levelname)s %(message)s")
    logging.captureWarnings(capture=True)
    try:
        yield
    except BreakpointPcrError as problem:
        logger.error("%s", problem)  # noqa: TRY400
        sys.exit(f"error: {problem}")
