"""Views of both desks, one module per page."""
