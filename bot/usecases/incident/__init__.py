"""An incident from its declaration to its end: severity, status, roles, channels, and what is told of it."""
