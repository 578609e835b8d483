"""What happened: sessions between mentors and mentees."""
