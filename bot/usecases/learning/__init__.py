"""The weights of grouping: what there is to learn from, what a training made, and who lets it act."""
