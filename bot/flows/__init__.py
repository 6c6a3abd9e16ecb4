"""Work that takes several steps: sending deliveries, publishing, anchoring."""
