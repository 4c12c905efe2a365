"""How results look when they are published: one file a form, each from the same plain data."""
