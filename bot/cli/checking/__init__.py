"""`debrief doctor`: each check in a file of its own subject."""
