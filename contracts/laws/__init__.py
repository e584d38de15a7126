"""The laws, one a file; the file's name says what holds when it is kept."""
