"""Stored files: originals by their hash, typed frames, records and how they are written."""
