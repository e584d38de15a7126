"""Who sends a request: credentials by the description's schemes, signing in, forging."""
