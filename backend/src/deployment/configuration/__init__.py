"""What the services have to know and nobody else may: asked for, checked, and written where only they can read it."""
