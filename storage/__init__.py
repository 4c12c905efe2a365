"""What was seen, kept: the archive (WARC), its Merkle log, and the catalogue made from both."""
