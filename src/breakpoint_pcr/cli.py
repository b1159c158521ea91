"""The command line: `breakpoint-pcr COMMAND`. Each command imports what it needs, when it runs."""


def main() -> int:
    """Run one command and return its exit status."""
    raise NotImplementedError
