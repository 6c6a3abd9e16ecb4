"""What decides here, in which version, and whether the language model behaves as it was accepted."""
