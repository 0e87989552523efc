"""The officer's desk: the queue by true due day, saved views, bulk steps, workload, the calendar."""
