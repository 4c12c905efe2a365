"""What the portal says of what agencies report: shown beside the claim, never scored by itself."""
