"""A scenario for each file: ``run`` measures it on a stack and gives its figures."""
