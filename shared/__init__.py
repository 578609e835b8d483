"""What every Mshauri service stands on; nothing in here knows any one service's rules."""
