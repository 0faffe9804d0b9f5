"""Our pages as validators, browsers and mail programs see them."""
