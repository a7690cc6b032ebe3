"""What a unit adds to an upload: corrections of cells and explanations of warnings."""
