"""What is known of the workspace: its people, user groups and channels, our name and scopes there."""
