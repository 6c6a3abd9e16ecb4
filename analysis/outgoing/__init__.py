"""What may leave the house: the record as typed events, with placeholders for whoever and whatever must stay."""
