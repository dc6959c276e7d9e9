"""What performance claims are measured with: one module a row of the table in docs/performance.md (`make bench`)."""
