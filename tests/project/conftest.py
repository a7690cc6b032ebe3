"""Fixtures of the platform's tests."""

from tests.stack import stack

__all__ = ["stack"]
