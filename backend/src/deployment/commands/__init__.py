"""The commands of `make`, each a sequence of steps."""
