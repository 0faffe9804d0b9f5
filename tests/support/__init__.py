"""What the tests lean on: servers and fakes."""
