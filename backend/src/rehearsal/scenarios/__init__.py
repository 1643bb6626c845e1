"""A deployment played through on this machine: applied, served, tried, planned again, destroyed."""
