"""`debrief import`: what a team has of its past, from files of alerts and tickets."""
