"""Turns documents into bytes: Markdown and HTML through the templates, and the files of a replay."""
