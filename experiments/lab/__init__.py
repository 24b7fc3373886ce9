"""The lab: a page in which one moves a figure of a scenario and sees the whole ensemble move."""
