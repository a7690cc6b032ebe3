"""Dissemination: who may see which figures of which moment, releases, revisions, coverage, lineage."""
