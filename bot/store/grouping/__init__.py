"""Alerts, their groups, the signals found among them, and what calls what."""
