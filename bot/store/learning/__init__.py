"""What people's labels taught, and who let it act."""
