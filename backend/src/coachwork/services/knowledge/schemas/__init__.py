"""What the knowledge base takes and answers."""
