"""Many runs that differ in a few settings: which, carried out on which processes, and the table of their outcomes."""
