"""A recorded run, or several, as one HTML page to hand over: nothing in it is loaded from elsewhere."""
