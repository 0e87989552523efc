"""What a body learns from reviews: lessons at the system, people hit by the same fault, figures of no reviewer."""
