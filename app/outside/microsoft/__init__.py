"""Microsoft: Entra ID's token address and Graph."""
