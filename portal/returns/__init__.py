"""Pages of the returns: the work of a reporting unit, and the review desk of the ministry."""
