"""Pages, and alerts on routes in line: on their way to the pager, and what comes back from it."""
