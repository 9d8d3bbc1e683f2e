"""The vendor's web desk: its staff looks at instance references here, and at nothing else.

An app, a process and a host of its own: no customer or employee ever meets it. It reads, and
changes nothing.
"""
