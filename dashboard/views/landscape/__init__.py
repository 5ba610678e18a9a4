"""The parts of the page on the loss surface: its knobs, its two pictures, and what can be read off them."""
