"""Who serves each row, and when."""
