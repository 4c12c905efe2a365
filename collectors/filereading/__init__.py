"""Looking into files, in a child process that has little to lose (`collectors.file_reader` starts it)."""
