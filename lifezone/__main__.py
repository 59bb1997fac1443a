"""``python -m lifezone``, and what the command ``lifezone`` calls: Ctrl-C is answered from the first moment.

Loading the command line takes a second in which nothing else could answer.
"""

from __future__ import annotations

import sys

__all__ = ["main"]


def main() -> None:
    """Load the command line and run it; an interrupt is told in a line, with exit code 1."""
    try:
        from lifezone.cli import main as command  # noqa: PLC0415

        command()
    except KeyboardInterrupt:
        sys.stderr.write("stopped; nothing was written\n")
        sys.exit(1)


if __name__ == "__main__":
    main()
