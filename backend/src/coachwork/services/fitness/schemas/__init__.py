"""What requests and responses look like, in what units and ranges."""
