"""The language model: its calls and their budgets, placeholders of what left, and the inventory."""
