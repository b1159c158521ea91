"""Verification of a panel in silico: sites, products per allele, thermodynamics, verdicts."""
