"""A result, shown: as a page, Markdown, JUnit, SARIF and in the terminal.

Showing never computes a measure: counts come from the document, evidence from the folder's tables. Every string that
comes from a corpus or a suite is hostile and goes through `safe` (and, on the page, through Jinja's autoescape).
"""
