"""From the world: the only room that touches portals and service systems."""
