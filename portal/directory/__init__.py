"""Who there is: public bodies, workplaces and staff groups, people with engagements and roles, unions, branches."""
