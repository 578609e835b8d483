"""What tests of several kinds lean on: real servers, and the means to take them away."""
