"""Supabase Auth (GoTrue) as its SDK sees it: sign-up, rotating tokens, log-out, keys, administration, every refusal.

Source: the wire protocol of github.com/supabase/auth (openapi.yaml and internal/api).
"""

from rehearsal.vendors.gotrue.project import Project, Refusal
from rehearsal.vendors.gotrue.server import Fault, GoTrue, serving

__all__ = ["Fault", "GoTrue", "Project", "Refusal", "serving"]
