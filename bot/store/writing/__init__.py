"""The one writer: a queue of work, each piece decided and committed in a transaction."""
