"""My Assets for Jira: every employee sees the laptops, phones and licences that are theirs."""
