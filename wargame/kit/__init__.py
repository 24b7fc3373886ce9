"""The teacher's kit: what is read out, projected, printed and marked in a lesson, made from scenario and lesson."""
