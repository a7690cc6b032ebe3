"""Notices and e-mails: who is notified of what, in which words, and who owes what by when."""
