"""The pass that looks up people's Jira accounts, beside the imports and within a budget."""
