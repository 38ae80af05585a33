"""What is owed to people, and to those who answer for the tool: the notice, and the inventory."""
