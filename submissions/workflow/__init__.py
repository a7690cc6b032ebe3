"""The life of a submission: who may do what, which moves are allowed, what is refused."""
