"""What may belong to an open incident: found, put on record, listed, and judged by people."""
