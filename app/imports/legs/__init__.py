"""The legs of a run: what one worker does with one message, from a queue or in this process."""
