"""The knowledge base: people upload PDFs, and ask questions of them."""
