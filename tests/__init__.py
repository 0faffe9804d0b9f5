"""The tests of litwatch: offline, without the real clock, in any order."""
