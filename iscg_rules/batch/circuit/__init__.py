"""Rules as gates over bits, one bit a row."""
