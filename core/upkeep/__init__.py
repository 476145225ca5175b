"""What whoever runs a server needs: backups of what people made, and a look at its health."""
