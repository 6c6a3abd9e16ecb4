"""The record: its tables, sealed contents, documents, what can be asked of it, and what is destroyed in it."""
