"""The knowledge service, measured: documents of our own, written out as PDFs and read, cut and searched as any."""
