"""Workbooks given to people: templates, marked and corrected workbooks."""
