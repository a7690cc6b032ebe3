"""What people take away: tables of findings and changes, marked workbooks, downloads, share links."""
