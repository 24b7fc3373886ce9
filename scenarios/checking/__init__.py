"""Check what the schema of a scenario cannot say."""
