"""Rules of the report, by subject: periods, what each figure counts, the funnel, suppression."""
