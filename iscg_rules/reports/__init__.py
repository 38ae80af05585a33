"""Counts over many situations for those who fund the work; small counts are hidden."""
