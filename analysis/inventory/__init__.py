"""The model inventory: what decides or writes here, in which version, with which limits and by which measurement."""
