"""Why, why not, what if, what next: answers about an answer."""
