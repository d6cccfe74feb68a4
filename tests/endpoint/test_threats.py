"""The threat model: every row has its test, and every test that it names is there."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from endpoint.serving import GRAPH

HERE = Path(__file__).parent
MODEL = GRAPH / "threats.md"
HEADINGS = ["Asset", "Threat", "What holds it", "What remains", "Proved by"]


def tables() -> list[list[list[str]]]:
    """The tables of the model: rows of cells, the headings first."""
    found: list[list[list[str]]] = []
    before = ""
    for line in MODEL.read_text(encoding="utf-8").splitlines():
        if line.startswith("|"):
            if not before.startswith("|"):
                found.append([])
            found[-1].append([cell.strip() for cell in line.strip("|").split("|")])
        before = line
    return found


def functions_of(name: str) -> set[str]:
    (path,) = (path for path in (HERE / name, HERE.parent / name) if path.is_file())
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def test_every_row_is_whole_and_names_a_test_that_exists() -> None:
    rows = 0
    for headings, rule, *lines in tables():
        assert headings == HEADINGS
        assert set("".join(rule)) == {"-"}
        for line in lines:
            assert len(line) == len(HEADINGS) and all(line), line
            named = re.findall(r"`(test_\w+\.py)::(test_\w+)`", line[-1])
            assert named, f"no test proves: {line[1]}"
            # nothing else stands there: a misspelt name would be no name
            assert re.sub(r"`test_\w+\.py::test_\w+`|[, ]", "", line[-1]) == ""
            for file, test in named:
                assert test in functions_of(file), f"{file} has no {test}"
            rows += 1
    assert rows >= 20


def test_the_suites_that_prove_it_are_all_in_the_model() -> None:
    text = MODEL.read_text(encoding="utf-8")
    for suite in (
        "test_hostile_queries",
        "test_hostile_files",
        "test_hostile_stores",
        "test_load",
        "test_nginx",
        "test_clients",
    ):
        assert f"{suite}.py::" in text
