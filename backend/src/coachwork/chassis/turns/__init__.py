"""Turns of a conversation, which may outlast the request that began them: what every service's chat shares."""
