"""The published description of the HTTP interface (OpenAPI 3.1), written as data.

A test walks the route table: every route is described here, and nothing else is.
"""
