"""`make run`: the whole of Coachwork on one machine, every cloud service in its embedded form."""
