"""What every service stands on: settings, errors, HTTP, identity, SQL, vectors, models, observability."""
