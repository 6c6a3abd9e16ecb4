"""Pages, alerts on routes in line, and the log of everything that left for other systems."""
