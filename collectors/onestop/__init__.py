"""Drivers of one-stop-shop systems: one file each, sans-I/O, looked up by file name."""
