"""The written behaviours of the built-in APIs: one file for each, named as its description."""
