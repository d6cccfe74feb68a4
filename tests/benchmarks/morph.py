"""morph-kgc in a Python of its own: at each line of its input it makes the quads once more.

``python morph.py FOLDER``: the mapping and the table stand in the folder, the quads go there, too.
"""

from __future__ import annotations

import sys
from pathlib import Path

import morph_kgc  # type: ignore[import-not-found]  # it lives in another environment


def main() -> None:
    where = Path(sys.argv[1])
    asked = (
        f"[CONFIGURATION]\noutput_format: N-QUADS\nnumber_of_processes: 1\nlogging_level: ERROR\n"
        f"[links]\nmappings: {where / 'mapping.ttl'}\n"
    )
    print("ready", flush=True)
    for _ in sys.stdin:
        quads = morph_kgc.materialize_set(asked)
        (where / "made.nq").write_text("".join(f"{quad} .\n" for quad in quads), encoding="utf-8")
        print(len(quads), flush=True)


if __name__ == "__main__":
    main()
