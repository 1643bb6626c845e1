"""The text of PDFs, page by page, read in a process of its own: what a file does to its reader hurts nobody else."""

from coachwork.chassis.pdf.errors import Reason, UnreadablePdf
from coachwork.chassis.pdf.reader import PageText, Pdf, PdfLimits, is_pdf, opened_pdf, read_pages

__all__ = ["PageText", "Pdf", "PdfLimits", "Reason", "UnreadablePdf", "is_pdf", "opened_pdf", "read_pages"]
