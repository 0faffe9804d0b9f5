"""The pages for any web server."""
