"""Targets: goals, observations, paths, forecasts and ratings."""
