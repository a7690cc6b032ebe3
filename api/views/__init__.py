"""Views of the API; they read requests, call verbs and queries, and shape answers."""
