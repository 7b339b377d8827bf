"""Times that customers ask for by themselves: offered, held, asked for, answered by the desk."""
