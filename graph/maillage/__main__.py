"""``python -m maillage`` is ``maillage``."""

from maillage.commands.main import main

main()
