"""What is found over every situation, each finding with its smallest example."""
