"""Commands an operator runs: `python -m coachwork.tools.migrate`, `python -m coachwork.tools.seed`."""
