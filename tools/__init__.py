"""Commands that make what the documents show: pictures of packages and of the guide."""
