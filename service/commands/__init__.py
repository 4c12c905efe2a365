"""The commands, by what they are about; each registers itself on the application."""
