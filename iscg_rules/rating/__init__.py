"""Agreement with practitioners: a blind booklet, sheets read back, how far people agree."""
