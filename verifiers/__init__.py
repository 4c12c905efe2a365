"""From evidence to measurement: pure functions, one file each, looked up by file name."""
