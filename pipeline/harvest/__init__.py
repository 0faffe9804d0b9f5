"""Harvest: asking the sources, completely and politely."""
