"""Whether a sentence follows from the entries that it cites, decided by code alone."""
