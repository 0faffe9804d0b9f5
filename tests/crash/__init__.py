"""The run under sudden death."""
