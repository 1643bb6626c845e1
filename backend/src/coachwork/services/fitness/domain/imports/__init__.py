"""Training logs out of other apps' files: text, lines, values, sets, and what of them is new. Pure."""
