"""AWS: the table, keys, the queue, and creating what is missing of them."""
