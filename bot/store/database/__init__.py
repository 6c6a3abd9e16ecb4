"""The database itself: opened, looked over, and the SQL that rows of all kinds share."""
