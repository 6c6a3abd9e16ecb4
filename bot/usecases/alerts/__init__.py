"""Alerts as they come: taken from a system or a file, moved, and not grouped yet."""
