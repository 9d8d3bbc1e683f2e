"""Whose is what, and who may see it: one decision for the list, the export and the reason."""
