"""litwatch keeps watch over the literature on one narrow subject and tells its readers what changed."""

__version__ = "0.1.0"
