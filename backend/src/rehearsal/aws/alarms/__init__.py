"""Alarms that ring: datapoints, metric math, and the watch that evaluates what was deployed."""
