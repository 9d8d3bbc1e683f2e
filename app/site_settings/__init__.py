"""The settings parts: their rules, the probes that check them live, and saving them sealed."""
