"""Definitions: indicators, breakdowns, populations, counting rules and areas."""
