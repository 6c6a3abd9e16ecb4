"""Who may read an incident, and what is gone: visibility, leaving a channel, erasing, breaking glass."""
