"""What things look like in Slack: blocks, forms and sentences, pure functions of the record."""
