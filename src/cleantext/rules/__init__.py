"""Rule sets: each looks at a page and gives evidence; none decides."""
