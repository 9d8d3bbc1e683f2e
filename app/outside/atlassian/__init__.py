"""Atlassian: a Jira site, its Assets, imports, site storage, and the keys of install tokens."""
