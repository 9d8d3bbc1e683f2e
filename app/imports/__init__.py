"""The import: Entra ID is read, compared with Assets, and Assets is brought up to date."""
