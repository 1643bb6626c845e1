"""Charts as SVG: what one shows, and the drawing of it."""
