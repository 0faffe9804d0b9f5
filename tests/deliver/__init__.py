"""Tests of delivery: files, and what hands them over."""
