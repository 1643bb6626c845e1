"""Requests: stock moto takes the body of any request with a form's content type for a form.

So an upload by `PUT` from curl or urllib, which send that type unasked, is stored empty. AWS reads forms from POST.
"""

from moto.moto_server.werkzeug_app import BackendRequest


class PostedForms(BackendRequest):
    """A request whose body is a form only where it was posted."""

    @property
    def want_form_data_parsed(self) -> bool:
        """Whether to read the body as a form."""
        return self.method == "POST" and bool(super().want_form_data_parsed)
