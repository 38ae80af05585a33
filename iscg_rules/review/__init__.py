"""Whether a change of the rules can be merged: what it breaks, moves and leaves unseen."""
