"""What people and systems ask of Debrief: one file a verb, each decides and returns what to write."""
