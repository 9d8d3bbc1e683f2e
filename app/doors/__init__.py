"""HTTP in, one feature called, HTTP out. Flask lives here and nowhere else."""
