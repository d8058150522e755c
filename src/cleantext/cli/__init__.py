"""The command line: `cleantext FILE…` and its commands. Needs click and rich."""
