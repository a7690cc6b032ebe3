"""Background jobs: leases of running checks, the sweep that takes up lost ones, and progress."""
