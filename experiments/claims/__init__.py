"""Hold what two source articles claim against twins that differ in one thing, and judge every effect by one rule."""
