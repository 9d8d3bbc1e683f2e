"""A run as such: its record, reference, message and end, and what its steps share."""
