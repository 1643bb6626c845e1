"""Training programmes: what is planned, what was done of it, and what follows from both."""
