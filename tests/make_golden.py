"""Write the known answers in ``golden/`` anew, to be reviewed: ``python tests/make_golden.py``.

Each question of ``queries/`` is asked as it stands, on the data that travel with Maillage: a table
is kept in the W3C's JSON, triples as sorted N-Triples.
"""

from __future__ import annotations

from pathlib import Path

from maillage.ask import answer
from maillage.formats import write_graph, write_rows
from maillage.gather import gather
from maillage.questions import Question, questions
from maillage.resolve import Names
from maillage.store import Answer, Store, memory_store

GOLDEN = Path(__file__).with_name("golden")


def known(question: Question) -> Path:
    """Where the known answer of a question is kept."""
    # tab-separated values keep the kind of each term, and a row on a line of its own
    form = "nt" if "CONSTRUCT" in question.sparql else "tsv"
    return GOLDEN / f"{question.name}.{form}"


def told(question: Question, store: Store, names: Names) -> str:
    """The answer of a question as it stands, as it is kept."""
    reply = answer(store, question, {})
    if isinstance(reply, Answer):
        return write_rows(reply, "tsv", names, "en").decode()
    assert not isinstance(reply, bool)
    return write_graph(reply, "nt").decode()


if __name__ == "__main__":
    kept = memory_store(gather().dataset)
    called = Names(kept)
    GOLDEN.mkdir(exist_ok=True)
    for asked in questions().values():
        known(asked).write_text(told(asked, kept, called), encoding="utf-8", newline="\n")
