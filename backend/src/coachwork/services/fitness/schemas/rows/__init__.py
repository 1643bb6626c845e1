"""What an export holds of each table: `tables` says which, the other modules what a row of each is."""
