"""The proof: every promise of Debrief as a test."""
