"""What an engineer types, each a sequence of steps."""
