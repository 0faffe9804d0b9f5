"""Measurements against recorded and labelled data; none of it is needed to install, run or test the project."""
