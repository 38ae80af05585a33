"""What callers give, a column an attribute, checked and encoded."""
