"""Audit a scraped text corpus: clean it, measure every article, find duplicates, judge it, show the evidence."""
