"""A province that never was: its agencies, portals and service systems, seeded and served over loopback.

Nothing here knows the product that watches it: this world imports none of its packages, and the truth
file is computed from the model of the world, never by reading the pages that the world serves.
"""
