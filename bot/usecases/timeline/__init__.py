"""What is put on the timeline, corrected there and taken off: notes, marked messages, milestones, changes."""
