"""``python -m lifezone``: the same as the command ``lifezone``."""

from lifezone.cli import main

main()
