"""What is held back, and what people decided about it."""
