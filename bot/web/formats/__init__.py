"""How each system writes its alerts: one file a format, from a body to alerts."""
