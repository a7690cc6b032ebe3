"""Aggregation: accepted registers become figures of units, provinces and the country."""
