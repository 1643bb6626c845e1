"""The process that reads a PDF for `chassis/pdf`: it imports the reader and little else, and trusts no byte."""
