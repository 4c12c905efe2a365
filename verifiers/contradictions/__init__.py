"""Published figures held against each other: what disagrees is a contradiction, nothing is mended."""
