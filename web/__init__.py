"""The pages, forms, JSON interface and commands that people use."""
