"""Delivery: works off the outbox. A message that cannot be delivered stays in it and is tried again at the next run."""
