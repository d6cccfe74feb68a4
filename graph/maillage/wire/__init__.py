"""What goes over the wire, as plain functions: formats, SPARQL requests, problems, validators."""
