"""What Slack sends, by listener: commands, buttons, forms, events, and what is answered to who looks."""
