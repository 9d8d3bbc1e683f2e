"""What is deployed on AWS, one file for each deployed thing."""
