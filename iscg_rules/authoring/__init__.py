"""What helps an author: remarks, verdicts on cases, skeletons."""
