"""What leads from a wall or a machine to a system's page: the typed code, the QR code, posters and stickers."""
