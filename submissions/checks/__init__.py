"""Checks: from an upload to its stored verdict, with the registers it is compared with."""
