"""Tests of the screening rules and of the shipped subject profile."""
