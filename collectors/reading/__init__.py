"""How pages are read, whatever portal they come from: pure functions from bytes to what stands there."""
