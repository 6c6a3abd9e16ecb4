"""What the use cases need from the outside, as narrow protocols and plain records."""
