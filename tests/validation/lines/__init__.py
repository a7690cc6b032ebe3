"""What arrives: one module per family of odd spreadsheets, one case or more per line of the specification's list."""
