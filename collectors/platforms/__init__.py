"""Readers of portal systems: one file each, sans-I/O, looked up by file name."""
