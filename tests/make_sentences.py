"""Write ``golden/sentences.json`` anew, to be reviewed: ``python tests/make_sentences.py``."""

import json
import os

from planted_errors import CASES
from test_planted_errors import SENTENCES, broken_rules, sentences, spoil, the_good, the_ontology

if __name__ == "__main__":
    os.environ["MAILLAGE_LANG"] = "en"
    ontology = the_ontology()
    good = the_good(ontology)
    told = {case.name: sentences(broken_rules(spoil(good, case), ontology)) for case in CASES}
    SENTENCES.parent.mkdir(exist_ok=True)
    text = json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True)
    SENTENCES.write_text(text + "\n", encoding="utf-8")
