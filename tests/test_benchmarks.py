"""Every benchmark explains itself and stands in the table of all; its results stand beside it."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent / "benchmarks"
TABLE = (FOLDER / "README.md").read_text(encoding="utf-8")
SCRIPTS = sorted(
    path.name
    for path in FOLDER.glob("*.py")
    if '__name__ == "__main__"' in path.read_text(encoding="utf-8")
)


@pytest.mark.parametrize("name", SCRIPTS)
def test_each_says_what_it_does_and_stands_in_the_table(name, monkeypatch, capsys) -> None:
    module = pytest.importorskip(name.removesuffix(".py"))
    monkeypatch.setattr("sys.argv", [name, "--help"])
    with pytest.raises(SystemExit) as left:
        module.main()
    assert left.value.code == 0
    printed = capsys.readouterr().out
    assert f"usage: {name}" in printed
    assert ast.get_docstring(ast.parse((FOLDER / name).read_text(encoding="utf-8")))
    assert re.search(rf"^\| `python tests/benchmarks/{name}[ `]", TABLE, re.MULTILINE)


def test_the_table_names_nothing_that_is_not_there() -> None:
    assert {*re.findall(r"benchmarks/(\w+\.py)", TABLE)} == {*SCRIPTS}
    results = {*re.findall(r"\]\((\w+\.md)\)", TABLE)}
    assert results == {path.name for path in FOLDER.glob("*.md")} - {"README.md"}
