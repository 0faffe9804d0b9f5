"""Tests of everything that fetches."""
