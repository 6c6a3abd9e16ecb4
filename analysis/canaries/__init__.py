"""A fixed set of synthetic records by which a language model's behaviour is watched: what it did, and what differs."""
