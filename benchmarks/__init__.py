"""What Debrief promises in numbers, each measured by one command: `python -m benchmarks.NAME` (see README.md)."""
