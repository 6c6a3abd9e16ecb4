"""Which versions this installation has: hashes of the files that decide."""
