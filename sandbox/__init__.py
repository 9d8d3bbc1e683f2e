"""A stand-in world that enforces what the real one enforces. It shares nothing with the app."""
