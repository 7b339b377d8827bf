"""The planner's parts, plain Python: the problem, its reading, a quick plan, the model."""
