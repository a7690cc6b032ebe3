"""Fixtures of the platform's tests."""

from tests.stack import data_dir, stack

__all__ = ["data_dir", "stack"]
