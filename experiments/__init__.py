"""Ask what if: designs, runs, statistics, figures and reports built on the model."""
