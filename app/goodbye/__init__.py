"""What is kept, where, why and for how long; and how it goes."""
