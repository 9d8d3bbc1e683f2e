"""What administrators and the clock ask of imports: start, look, cancel, release, schedule."""
