"""The planner: a problem in, a plan out, and an independent verifier. Plain Python and OR-Tools."""
