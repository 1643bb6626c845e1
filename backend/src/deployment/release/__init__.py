"""How callers get another version: the alias of every function moved by CodeDeploy, watched, and back where need be."""
