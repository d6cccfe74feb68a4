"""What a query editor asks an endpoint for before a person types anything.

The patterns are those that sib-swiss/sparql-editor looks for (``packages/sparql-editor``); it sends
such queries by GET, with a parameter of its own (``ac=1``) in front, and takes JSON.
"""

#: Address, explanation and text of each example.
EXAMPLES = """
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX sh: <http://www.w3.org/ns/shacl#>
SELECT DISTINCT ?example ?comment ?query
WHERE {
  ?example a sh:SPARQLExecutable .
  ?example rdfs:comment ?comment .
  ?example sh:select|sh:ask|sh:construct|sh:describe ?query .
}
ORDER BY ?example
"""

#: The prefixes that queries may be written with.
PREFIXES_DECLARED = """
PREFIX sh: <http://www.w3.org/ns/shacl#>
SELECT DISTINCT ?prefix ?namespace
WHERE { [] sh:prefix ?prefix ; sh:namespace ?namespace }
ORDER BY ?prefix
"""
