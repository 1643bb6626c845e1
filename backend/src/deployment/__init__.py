"""What takes Coachwork to AWS and operates it there; never in the image."""
