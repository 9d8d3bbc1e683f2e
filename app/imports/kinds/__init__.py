"""What is imported: the table of kinds, and the form in which both sides are compared. Pure."""
