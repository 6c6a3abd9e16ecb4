"""The HTTP door: Slack's requests, webhooks, health."""
