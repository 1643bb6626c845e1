"""The AI fitness coach: exercises, workouts, progress, and a chat grounded in cited knowledge."""
