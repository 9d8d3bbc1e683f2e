"""The world outside: one HTTP or AWS call a method. Rules live in the features, not here."""
