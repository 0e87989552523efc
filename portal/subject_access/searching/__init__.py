"""Finding the data: the plan from the register, tasks to search owners, the hold on deleting, what was found."""
