"""Incidents: which failures are ours, whose they are else, and what is left of an agency without them."""
