"""Pages for any web server: the evidence map, the questions people ask, and the archive of issues."""
