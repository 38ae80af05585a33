"""What the authors' cases show of the rules, and what they miss."""
