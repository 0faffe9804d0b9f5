"""The publications of a world in each source's true wire format. Pure functions."""
