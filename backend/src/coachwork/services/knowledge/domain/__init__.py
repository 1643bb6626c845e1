"""What is true of documents whoever keeps them: pure, without a clock."""
