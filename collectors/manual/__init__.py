"""What a person looks at in a browser of ours: watched, redacted, sealed. Nothing here decides anything."""
