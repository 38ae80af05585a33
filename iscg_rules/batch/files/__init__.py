"""Files of situations in, files of results out, whole or not at all."""
