"""What only looks odd: asked of a person, counted in full, never deducted (G16)."""
