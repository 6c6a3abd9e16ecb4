"""Systems that wake people: asking them, and every call to them on record."""
