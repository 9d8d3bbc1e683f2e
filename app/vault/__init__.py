"""The two locks: seal, open, rotate, forget. Pure but for its ports."""
