"""The local stage: embedded engines and wire-protocol servers. Never in the image, never imported by coachwork."""
