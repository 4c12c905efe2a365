"""Drivers of public-service systems: one file each, sans-I/O, looked up by file name."""
