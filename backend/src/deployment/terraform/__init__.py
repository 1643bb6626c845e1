"""Terraform: found or explained, its providers fetched or found on the disk, its sources left free of what it makes."""
