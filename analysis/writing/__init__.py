"""The account that a language model may write: what it is asked, what it may answer, and what of that stands."""
