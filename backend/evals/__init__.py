"""Quality, measured: how well passages are found, and how well questions are answered."""
