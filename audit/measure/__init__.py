"""One article's text in, columns out: a module per measure; `batch` runs them all over a batch of articles."""
