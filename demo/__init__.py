"""A real public incident, lived through at speed by scripted people in a Slack stand-in.

Nothing here imports Debrief: it is started as a program, and reached only as people in Slack would reach it.
"""
