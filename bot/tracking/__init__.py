"""Where trainings are tracked besides the record."""
