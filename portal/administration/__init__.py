"""Pages of the ministry's administrators: targets, published series, plans and counting rules."""
