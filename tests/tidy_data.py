"""Put the tables of ``data/`` and ``data/gazetteer/`` in canonical form: ``python tests/tidy_data.py``.

Rows sorted by key, source and place in the source; minimal quotation; LF; NFC; no spaces around.
``--check`` changes nothing and names the tables that are not in that form.
"""

from __future__ import annotations

import csv
import io
import sys
import unicodedata
from pathlib import Path

DATA = Path(__file__).resolve().parents[1] / "data"

# What a table is sorted by, before source and place; the others have a key.
KEYS = {
    "links": ("kind", "parties", "proposed_for"),
    "participations": ("event", "participant", "role"),
    "identifications": ("name", "country", "level", "parent"),
    "identities": ("place", "address"),
    "names": ("place", "name", "kind", "language"),
}


def tidied(path: Path) -> str:
    with path.open(encoding="utf-8", newline="") as handle:
        header, *rows = csv.reader(handle, strict=True)
    rows = [[unicodedata.normalize("NFC", cell.strip()) for cell in row] for row in rows]

    def order(row: list[str]) -> tuple[object, ...]:
        cells = dict(zip(header, row, strict=True))
        keys = tuple(cells[name] for name in KEYS.get(path.stem.split("-")[-1], ("key",)))
        start = int((cells.get("chars") or "0-0").split("-")[0])
        return (*keys, cells.get("source", ""), start, cells.get("certainty", ""), row)

    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(sorted(rows, key=order))
    return out.getvalue()


def untidy() -> list[Path]:
    return [p for p in sorted(DATA.rglob("*.csv")) if p.read_bytes().decode() != tidied(p)]


if __name__ == "__main__":
    found = untidy()
    for table in found:
        print(table.name)
        if "--check" not in sys.argv:
            table.write_text(tidied(table), encoding="utf-8", newline="\n")
    if "--check" in sys.argv and found:
        sys.exit(1)
