"""What is used of PDFium: its library, and the signatures of these few functions.

The bindings that come with it declare five hundred, and import much to do so: that takes longer than a short PDF. What
is a document, a page or a page's text to PDFium is an address here.

Source: https://pdfium.googlesource.com/pdfium/+/refs/heads/main/public (fpdfview.h, fpdf_text.h, fpdf_edit.h,
fpdf_transformpage.h)
"""

from ctypes import (
    CDLL,
    POINTER,
    Structure,
    c_char_p,
    c_double,
    c_float,
    c_int,
    c_size_t,
    c_ulong,
    c_ushort,
    c_void_p,
)


class Rectangle(Structure):
    """FS_RECTF, in points; y grows upwards."""

    _fields_ = tuple((name, c_float) for name in ("left", "top", "right", "bottom"))


class Matrix(Structure):
    """FS_MATRIX."""

    _fields_ = tuple((name, c_float) for name in "abcdef")


_SIGNATURES = {
    "FPDF_InitLibrary": (None, ()),
    "FPDF_LoadMemDocument64": (c_void_p, (c_void_p, c_size_t, c_char_p)),
    "FPDF_GetLastError": (c_ulong, ()),
    "FPDF_GetPageCount": (c_int, (c_void_p,)),
    "FPDF_LoadPage": (c_void_p, (c_void_p, c_int)),
    "FPDF_ClosePage": (None, (c_void_p,)),
    "FPDF_GetPageBoundingBox": (c_int, (c_void_p, POINTER(Rectangle))),
    "FPDFPage_GetRotation": (c_int, (c_void_p,)),
    "FPDFPage_SetRotation": (None, (c_void_p, c_int)),
    "FPDFPage_TransFormWithClip": (c_int, (c_void_p, POINTER(Matrix), POINTER(Rectangle))),
    "FPDFText_LoadPage": (c_void_p, (c_void_p,)),
    "FPDFText_ClosePage": (None, (c_void_p,)),
    "FPDFText_CountChars": (c_int, (c_void_p,)),
    "FPDFText_GetCharAngle": (c_float, (c_void_p, c_int)),
    "FPDFText_GetText": (c_int, (c_void_p, c_int, c_int, POINTER(c_ushort))),
    "FPDFText_CountRects": (c_int, (c_void_p, c_int, c_int)),
    "FPDFText_GetRect": (c_int, (c_void_p, c_int, *[POINTER(c_double)] * 4)),
    "FPDFText_GetBoundedText": (c_int, (c_void_p, *[c_double] * 4, POINTER(c_ushort), c_int)),
}


def loaded(path: str) -> CDLL:
    """Return the library at this path, its functions knowing what they take and return."""
    library = CDLL(path)
    for name, (result, arguments) in _SIGNATURES.items():
        function = getattr(library, name)
        function.restype, function.argtypes = result, arguments
    return library
