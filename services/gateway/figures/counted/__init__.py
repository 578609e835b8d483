"""The figures, one module each: what there is to count, and what is counted of it."""
