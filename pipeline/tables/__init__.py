"""Tables: the known data sets, and how a table is read, checked, split and scaled, from CSV to what a model sees."""
