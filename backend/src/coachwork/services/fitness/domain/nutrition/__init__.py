"""Energy and protein by published equations: ranges, with their formulas, sources and limits."""
