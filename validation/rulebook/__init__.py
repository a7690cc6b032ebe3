"""The rulebook: forms, code lists and rules as rows, Markdown, examples and Table Schema."""
