"""The steps of a run at Entra ID: reading it page by page, whole or by what changed."""
