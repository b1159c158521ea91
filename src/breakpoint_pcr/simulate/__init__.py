"""Plates with known truth: from what a tube contains to the export that an instrument writes."""
