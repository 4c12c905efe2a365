"""From measurements to ranks: exact, pure, and able to say why.

Nothing here reads a clock, a file or a network: the same inputs give the same standing anywhere.
"""
