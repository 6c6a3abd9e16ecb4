"""What Slack sends, by kind: commands, buttons, forms, events, and what is answered to who looks."""
