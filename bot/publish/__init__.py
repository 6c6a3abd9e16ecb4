"""Writes approved documents to their targets."""
