"""Training and versions of the weights, the inventory, and the canary set on demand."""
