"""Live training: plans and jobs, the processes they run on, and the worker at their other end."""
