"""The command line: the verbs of the river, one file each, loaded when they are typed."""
