"""Alerts: what they are, which are one thing, and which may wait; pure like the rest of the thinking half."""
