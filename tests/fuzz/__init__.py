"""Spoiled input at every door that strangers or operators put something through."""
