"""The talking half of Debrief: Slack, the web, SQL and files around the pure decisions of `analysis`."""
