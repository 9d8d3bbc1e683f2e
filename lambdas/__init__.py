"""Doors without HTTP: parse the event, call one feature, report."""
