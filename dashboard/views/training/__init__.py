"""The parts of the page Train: the knobs, the forecast, the live run, and what is done with it afterwards."""
