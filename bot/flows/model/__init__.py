"""Asking the language model: whether it may be asked, what it can do, each question, and the canary set."""
