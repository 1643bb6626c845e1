"""Checks every call that a role's credentials sign against the policies attached to the role, as AWS does.

Stock moto can check too, but asks most services for the resource `*`, so any statement with an ARN denies; it looks
at one table of a batch, answers JSON services in XML, and breaks presigned URLs. This stands before moto instead of
inside it: `guard` is the front, `calls` reads the request, `needs` says which permissions it takes, `roles` finds
the statements (and `resource_policies` those of a bucket), `..policies` decides, `ledger` remembers, `denials` answers.
"""
