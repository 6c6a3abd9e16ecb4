"""The thinking half of Debrief: pure functions over frozen records.

Nothing here reads a clock, a database, a file or the network, so the same input always gives the same output.
"""
