"""Partners from open data: read, proposed, reviewed by a person, measured, and given back."""
