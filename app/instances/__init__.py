"""The instance reference: what the vendor keeps about a Jira site that installed the app."""
