"""Drafts: visibility rules that are being edited, tried out on live data. Nothing is saved here."""
