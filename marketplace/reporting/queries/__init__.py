"""Reads of the report, by subject: areas, figures, the funnel, workload."""
