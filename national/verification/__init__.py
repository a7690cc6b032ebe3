"""Verification: figures recomputed from records and compared, and trials of other counting rules."""
