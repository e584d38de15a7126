"""What must hold: runs and laws over an implementation."""
