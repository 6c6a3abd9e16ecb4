"""What people and systems ask of Debrief: one file a verb, each decides and returns what to write.

Verbs stand in folders by what they are about; what all of them share, and the table of typed verbs, is here.
"""
