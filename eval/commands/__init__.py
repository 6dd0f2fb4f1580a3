"""The commands of ``python -m eval``, each group a module that adds its own arguments."""
