"""Proof that nothing was changed: chains, the rows that follow from them, and anchors elsewhere."""
