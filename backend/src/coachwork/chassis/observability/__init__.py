"""What operators see: structured logs and embedded metrics."""
