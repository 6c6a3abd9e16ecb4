"""Holding back: which patterns may wait, what waits, the kill switch, and the account of noise."""
