"""Slack: requests in, messages out, through slack-bolt and slack-sdk only."""
