"""The portal: the province's workspace and the review desk, as pages."""
