"""A service over HTTP: what an `Engine` says, for whoever speaks JSON. It keeps nothing."""
