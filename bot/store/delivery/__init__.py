"""Messages on their way to Slack: queued in lanes, claimed, sent by one process, parked where they cannot go."""
