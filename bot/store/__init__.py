"""The ledger in SQL: rows, sealing, the one writer, the lanes, and proof that nothing was changed.

`opening` puts all of it together.
"""
