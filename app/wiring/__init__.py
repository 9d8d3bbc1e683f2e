"""The one place where the real parts are joined. Nothing here decides anything."""
