"""The coach's knowledge."""

COLLECTION = "fitness_rag_knowledge"
"""The vector collection the coach retrieves from and the loader fills."""
