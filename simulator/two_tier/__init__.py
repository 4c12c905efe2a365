"""A second province, of two tiers: departments and communes, reorganised on 1 July of the assessed year.

Its portals are small and many of them share a host, each under a folder of its own.
"""
