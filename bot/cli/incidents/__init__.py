"""Commands about incidents and alerts, for when Slack is down."""
