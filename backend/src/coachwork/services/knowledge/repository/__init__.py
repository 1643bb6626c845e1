"""Where the knowledge is kept: tables of documents, and objects."""
