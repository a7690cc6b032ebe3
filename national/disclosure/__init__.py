"""Disclosure control: which figures may be published, decided by the pure solver in `solver/`."""
