"""Every part of Mshauri on one machine: what the processes are, and who starts and minds them."""
