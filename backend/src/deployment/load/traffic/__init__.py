"""The program that sends the load: Locust, in a process of its own, for it patches every socket of the one it is in."""
