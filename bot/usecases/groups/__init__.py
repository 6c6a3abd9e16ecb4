"""Groups of alerts: what grouping decided, what people do with a group, and its message."""
