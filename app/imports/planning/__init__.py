"""What a run would change, what would be lost by it, and when that is too much. Pure."""
