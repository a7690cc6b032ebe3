"""Reporting units and their staff."""
