"""The benchmarks: ratios of this project to a floor measured beside it in the same run."""
