"""`debrief eval`: judging the models on your own history, file in, file out."""
