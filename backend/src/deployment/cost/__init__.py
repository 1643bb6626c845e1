"""What a deployment costs a month: each line a quantity times a price, with where both come from."""
