"""Who is calling: tokens and query hashes. Pure: no network, no clock and no store of its own."""
