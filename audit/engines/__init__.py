"""Where functions run: `local`, on the threads of one machine. An engine knows nothing of text."""
