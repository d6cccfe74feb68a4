"""The endpoint as strangers meet it: a real server process, spoken to over HTTP."""
