"""What can be asked and said: attributes, conditions, answers, moments, and their words."""
