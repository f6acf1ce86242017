"""What every room stands on: errors, the language, typed numbers, whole files."""
