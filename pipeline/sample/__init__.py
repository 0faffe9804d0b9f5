"""A bundled sample of the literature, served in the sources' own formats, for the demonstration and for tests."""
