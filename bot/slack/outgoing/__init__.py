"""What is sent to Slack: each kind of delivery, rendered at the moment it is sent, found again, taken back."""
