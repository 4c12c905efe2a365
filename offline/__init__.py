"""The verifier for outsiders: a bundle and a public key, the standard library, and nobody to trust."""
