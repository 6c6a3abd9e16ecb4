"""The postmortem: drafted, approved, voided by news, published."""
