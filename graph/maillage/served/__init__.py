"""The server: the SPARQL endpoint and the pages, over HTTP."""
