"""The steps of a run at Assets: what it holds, what it is told, and what is put right after."""
