"""The services. They never import one another; what two need moves into the chassis."""
