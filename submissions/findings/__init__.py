"""Findings as stored: written, filtered, sorted, shown in their rows, explanations carried over."""
