"""Tests of the store and its lock."""
