"""The company-approved language model: the only floor that imports openai."""
