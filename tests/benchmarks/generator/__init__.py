"""Made-up cooperation data in our ontology, of any size, the same bytes for the same seed.

:mod:`generator.lines` writes statements, :mod:`generator.places` chooses places,
:mod:`generator.claims` writes what sources say and what follows from it,
:mod:`generator.links`, :mod:`generator.events` and :mod:`generator.sayings` say what is claimed,
:mod:`generator.planted` adds errors; ``generated.py`` beside this folder puts them together.
:mod:`generator.network` draws the links alone, for ``generated_parquet.py``.
"""
