"""Other people's data: their tables and statements made into claims with a source, for ``import``.

``headings → readings → parties → claims → folders → taking``: what a column is for, what a cell
says, which places are meant, which rows that makes, where they are kept.
"""
