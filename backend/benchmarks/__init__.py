"""What is measured, side by side with a bare FastAPI + Mangum: `python -m benchmarks`."""
